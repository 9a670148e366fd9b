import {
  type AnswerOf,
  type Client,
  getCardMelting,
  getWalletMelting,
  MELT_MONTHS_MAX,
  MELT_MONTHS_USUAL,
  ProblemError,
} from '@fedow/api'
import { parseId, type WalletId } from '@fedow/ledger'
import { walletNamed } from '../book/named.ts'
import { command, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { toAheadText } from '../text/melting.ts'

type Ahead = AnswerOf<typeof getWalletMelting>
type Query = { readonly months?: number }

export const walletMelting = command({
  name: 'wallet melting',
  summary: 'What will melt in a wallet or on a card, and when, as long as it sleeps',
  details: 'Days in UTC; each begins at midnight. Any gesture of its holder begins anew.',
  arguments: {
    wallet: needed(
      'wallet',
      'its id, a card by tag, number, QR code or id, or the name of a place',
    ),
  },
  options: {
    months: text(
      'count',
      `how far to look, ${MELT_MONTHS_USUAL} when absent, ${MELT_MONTHS_MAX} at most`,
    ),
  },
  examples: ['wallet melting 9F9984F8', 'wallet melting CB9F9C4A --months 36 --json'],
  async run({ client, screen }, { wallet, months }) {
    const query = months === undefined ? {} : { months: readMonths(months) }
    const ahead = await lookAhead(client, wallet, query)
    screen.answer(ahead, () => {
      if (ahead.accounts.length === 0) return 'Nothing in this wallet ever melts.'
      return ahead.accounts.map(toAheadText).join('\n\n')
    })
  },
})

/** An id is of a wallet first, then of a card; another text is of a card first, then the name of a place. */
async function lookAhead(client: Client, text: string, query: Query): Promise<Ahead> {
  const id = parseId<WalletId>(text.toLowerCase())
  const ofCard = () => client.call(getCardMelting, { params: { card: text }, query })
  const ofWallet = async () => {
    const wallet = id ?? (await walletNamed(client, text))
    return client.call(getWalletMelting, { params: { wallet }, query })
  }
  return id === undefined
    ? unless(ofCard, 'card_unknown', ofWallet)
    : unless(ofWallet, 'wallet_not_found', ofCard)
}

async function unless(
  first: () => Promise<Ahead>,
  code: string,
  then: () => Promise<Ahead>,
): Promise<Ahead> {
  try {
    return await first()
  } catch (cause) {
    if (cause instanceof ProblemError && cause.problem.code === code) return then()
    throw cause
  }
}

function readMonths(text: string): number {
  const months = Number(text)
  if (/^\d{1,3}$/.test(text) && months >= 1 && months <= MELT_MONTHS_MAX) return months
  throw new Misuse(
    `--months is a whole number from 1 to ${MELT_MONTHS_MAX}, not "${text}". Nothing was asked.`,
  )
}

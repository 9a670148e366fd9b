import { getCard, listLines, listWalletLines } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { placeNamed } from '../book/named.ts'
import { pageValues, readPageQuery } from '../book/page-query.ts'
import { WalletNames } from '../book/wallet-names.ts'
import { type Call, command, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { toHistory } from '../text/history.ts'

export const history = command({
  name: 'history',
  summary: 'What a card, a wallet or a place gave and received, newest first',
  options: {
    card: text('card', 'a card by tag, printed number, QR code or id'),
    wallet: text('wallet', 'the id of a wallet'),
    place: text('place', 'a place by name or id'),
    ...pageValues,
  },
  examples: ['history --card 9F9984F8', 'history --place "Bar du Port" --limit 200 --json'],
  async run(call, values) {
    const query = readPageQuery(values)
    const given = [values.card, values.wallet, values.place].filter((one) => one !== undefined)
    if (given.length !== 1) {
      throw new Misuse('Name one of --card, --wallet and --place. Nothing was asked.')
    }
    const page = await readPage(call, values, query)
    const names = await WalletNames.read(call.client)
    const text = await toHistory(page, names)
    call.screen.answer(page, () => text)
  },
})

async function readPage(
  { client }: Call,
  { card, wallet, place }: Readonly<Record<'card' | 'wallet' | 'place', string | undefined>>,
  query: ReturnType<typeof readPageQuery>,
) {
  if (place !== undefined) {
    const { id } = await placeNamed(client, place)
    return client.call(listLines, { query: { place: id, ...query } })
  }
  const of =
    card === undefined
      ? readWallet(wallet ?? '')
      : (await client.call(getCard, { params: { card } })).wallet
  return client.call(listWalletLines, { params: { wallet: of }, query })
}

import { type AnswerOf, getDividend, getMember, toDecimal } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { assetNamed } from '../book/named.ts'
import { command, needed, text } from '../command.ts'
import { toTable } from '../text/table.ts'

type Dividend = AnswerOf<typeof getDividend>

export const dividendShow = command({
  name: 'dividend show',
  summary: 'The dividend of free money: its value, the next one, and what is due to a member',
  arguments: { asset: needed('asset', 'free money: its name, code or id') },
  options: { wallet: text('wallet', 'also what is due to this wallet') },
  examples: [
    'dividend show LIB',
    'dividend show Libre --wallet 01890000-0000-7000-8000-000000000001',
  ],
  async run({ client, screen }, { asset: name, wallet }) {
    const { id: asset, code } = await assetNamed(client, name)
    const shown = await client.call(getDividend, { params: { asset } })
    const member =
      wallet === undefined
        ? undefined
        : await client.call(getMember, { params: { asset, wallet: readWallet(wallet) } })
    screen.answer({ ...shown, ...(member && { member }) }, () => {
      const due = member && `${toDecimal(member.due)} ${code} are due to this wallet now.`
      return [toSentences(shown, code), ...(due ? [due] : []), toValues(shown)].join('\n')
    })
  },
})

function toSentences(shown: Dividend, code: string): string {
  const { value, members, next, ended, nextReeval, mass, unclaimed } = shown
  const who = members === 1 ? '1 member' : `${members} members`
  const when =
    ended === undefined
      ? `The next dividend falls due on ${next}, the next re-evaluation on ${nextReeval}.`
      : `It has ended on ${ended}: no more dividends.`
  return [
    `Each of ${who} makes ${toDecimal(value)} ${code} at a time (${shown.profile}).`,
    when,
    `${toDecimal(mass)} ${code} were made so far, of which ${toDecimal(unclaimed)} wait for their members.`,
  ].join('\n')
}

/** What was, and what follows if nobody joins or leaves. */
function toValues({ series, forecast }: Dividend): string {
  const rows = [...series, ...forecast].map(({ from, value, mass, members }, index) => [
    from,
    toDecimal(value),
    toDecimal(mass),
    String(members),
    index < series.length ? '' : 'if nobody joins or leaves',
  ])
  return toTable([['from', 'dividend', 'mass', 'members', ''], ...rows], { right: [1, 2, 3] })
}

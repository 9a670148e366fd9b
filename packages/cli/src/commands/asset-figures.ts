import { getAssetFigures } from '@fedow/api'
import { assetNamed } from '../book/named.ts'
import { allPlaces } from '../book/pages.ts'
import { command, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { figuresText } from '../text/figures.ts'

export const assetFigures = command({
  name: 'asset figures',
  summary: 'How long an asset stays with people, how it goes round, where it is spent, what sleeps',
  details:
    'From a day to another in UTC, the latter no longer counted; from the beginning to the last sealed block when no day is given. No row shows fewer than 10 wallets. How to count them again: docs/spec/figures.md.',
  arguments: { asset: needed('asset', 'its name, code or id') },
  options: {
    from: text('day', 'the first day that counts, such as 2026-10-01'),
    to: text('day', 'the first day that no longer counts'),
  },
  examples: ['asset figures Peaksu', 'asset figures PKS --from 2026-10-01 --to 2026-11-01 --json'],
  async run({ client, screen }, { asset, from, to }) {
    const days = { ...(from && { from: readDay(from) }), ...(to && { to: readDay(to) }) }
    const found = await assetNamed(client, asset)
    const figures = await client.call(getAssetFigures, {
      params: { asset: found.id },
      query: days,
    })
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id, name]))
    screen.answer(figures, () => figuresText(figures, { unit: found, names }))
  },
})

function readDay(day: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(day)) return day
  throw new Misuse(`"${day}" is not a day. Write it as 2026-10-01. Nothing was sent.`)
}

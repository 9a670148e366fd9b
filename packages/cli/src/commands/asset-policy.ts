import { changePolicy } from '@fedow/api'
import { DAY_MS, NOTICE_DAYS } from '@fedow/ledger'
import { meltingValues } from '../book/melting.ts'
import { type AssetView, assetNamed } from '../book/named.ts'
import { readNewTerms } from '../book/terms.ts'
import { readMoment } from '../book/time.ts'
import { command, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'

export const assetPolicy = command({
  name: 'asset policy',
  summary: 'Announce other terms for an asset: other rules of melting, or all of its terms',
  details:
    'What only loosens may begin at once; what takes something from anybody begins 90 days later. What a file leaves out of melting is never melted; without --terms all else stays as the last version has it.',
  arguments: { asset: needed('asset', 'its name, code or id') },
  options: {
    ...meltingValues,
    terms: text('file', 'all of its terms as JSON, such as the API takes'),
    from: text('moment', 'when it begins; 91 days from now when absent'),
  },
  examples: [
    'asset policy Peaksu --melting cooperative',
    'asset policy PKS --melting none --from 1h --json',
  ],
  async run({ client, send, screen }, { asset: name, terms: file, from, ...melting }) {
    if (melting.melting === undefined && file === undefined) {
      throw new Misuse('Name what changes: --melting or --terms. Nothing was sent.')
    }
    const asset = await assetNamed(client, name)
    const terms = readNewTerms(asset, { ...melting, terms: file })
    const body = { from: from === undefined ? inTime(asset) : readMoment(from), terms }
    const changed = await send(changePolicy, { params: { asset: asset.id }, body })
    screen.done(changed, () => `${asset.name} (${asset.code}) has these terms from ${body.from}.`)
  },
})

/** A day more than the notice, and not before what is announced already. */
function inTime({ policy, announced }: AssetView): string {
  const soonest = new Date(Date.now() + (NOTICE_DAYS + 1) * DAY_MS).toISOString()
  const { from } = announced.at(-1) ?? policy
  return from > soonest ? from : soonest
}

import { assetNamed } from '../book/named.ts'
import { allPlaces } from '../book/pages.ts'
import { command, needed } from '../command.ts'
import { formatAmount } from '../text/amount.ts'
import { toPolicyRows } from '../text/policy.ts'
import { toTable } from '../text/table.ts'

export const assetShow = command({
  name: 'asset show',
  summary: 'One asset with its policy, and what is announced',
  arguments: { asset: needed('asset', 'its name, code or id') },
  examples: ['asset show Peaksu', 'asset show PKS --json'],
  async run({ client, screen }, { asset: text }) {
    const asset = await assetNamed(client, text)
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id, name]))
    screen.answer(asset, () => {
      const { id, kind, name, code, issuer, issued, archived, policy, announced } = asset
      const head = [
        ['asset', `${name} (${code})${archived ? ', archived' : ''}`],
        ['id', id],
        ['kind', kind],
        ['issuer', issuer === undefined ? 'the network' : (names.get(issuer) ?? issuer)],
        ['issued', formatAmount(issued, asset)],
      ]
      const versions = [policy, ...announced].map((one) => toTable(toPolicyRows(one, asset)))
      return [toTable(head), ...versions].join('\n\n')
    })
  },
})

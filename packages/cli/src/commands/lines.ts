import { listLines } from '@fedow/api'
import { assetNamed, placeNamed } from '../book/named.ts'
import { pageValues, readPageQuery } from '../book/page-query.ts'
import { WalletNames } from '../book/wallet-names.ts'
import { command, text } from '../command.ts'
import { toHistory } from '../text/history.ts'

export const lines = command({
  name: 'lines',
  summary: 'Lines of the whole book, of a place or of an asset, newest first',
  options: {
    place: text('place', 'only lines in which this place gives or receives'),
    asset: text('asset', 'only lines of this asset'),
    ...pageValues,
  },
  examples: ['lines --limit 20', 'lines --asset Peaksu --place "La Raffinerie" --json'],
  async run({ client, screen }, values) {
    const { place, asset } = values
    const query = {
      ...readPageQuery(values),
      ...(place !== undefined && { place: (await placeNamed(client, place)).id }),
      ...(asset !== undefined && { asset: (await assetNamed(client, asset)).id }),
    }
    const page = await client.call(listLines, { query })
    const shown = await toHistory(page, await WalletNames.read(client))
    screen.answer(page, () => shown)
  },
})

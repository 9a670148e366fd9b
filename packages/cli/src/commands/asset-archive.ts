import { archiveAsset } from '@fedow/api'
import { assetNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const assetArchive = command({
  name: 'asset archive',
  summary: 'Retire an asset: no more sales or refills; what is held can still be refunded',
  arguments: { asset: needed('asset', 'its name, code or id') },
  examples: ['asset archive Peaksu', 'asset archive PKS --json'],
  async run({ client, send, screen }, { asset }) {
    const found = await assetNamed(client, asset)
    const archived = await send(archiveAsset, { params: { asset: found.id } })
    screen.done(archived, () => `${found.name} (${found.code}) is archived.`)
  },
})

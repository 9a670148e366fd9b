import { getAssetMelting } from '@fedow/api'
import { assetNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { toCollectedText } from '../text/melting.ts'

export const assetMelting = command({
  name: 'asset melting',
  summary: 'What melting collected of an asset, and what became of it',
  arguments: { asset: needed('asset', 'its name, code or id') },
  examples: ['asset melting Peaksu', 'asset melting PKS --json'],
  async run({ client, screen }, { asset: name }) {
    const asset = await assetNamed(client, name)
    const shown = await client.call(getAssetMelting, { params: { asset: asset.id } })
    screen.answer(shown, () => toCollectedText(shown, asset))
  },
})

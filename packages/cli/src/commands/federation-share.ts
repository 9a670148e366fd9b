import { shareAsset } from '@fedow/api'
import { assetNamed, federationNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const federationShare = command({
  name: 'federation share',
  summary: 'An issuer lets every member accept its asset',
  arguments: { federation: needed('federation', 'its name or id') },
  options: { asset: needed('asset', 'its name, code or id') },
  examples: [
    'federation share Archipel --asset Peaksu',
    'federation share Archipel --asset CAD --json',
  ],
  async run({ client, send, screen }, values) {
    const federation = await federationNamed(client, values.federation)
    const asset = await assetNamed(client, values.asset)
    const done = await send(shareAsset, {
      params: { federation: federation.id },
      body: { asset: asset.id },
    })
    screen.done(
      done,
      () => `Every member of ${federation.name} accepts ${asset.name} (${asset.code}).`,
    )
  },
})

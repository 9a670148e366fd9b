import { unshareAsset } from '@fedow/api'
import { assetNamed, federationNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const federationUnshare = command({
  name: 'federation unshare',
  summary: 'An issuer takes its asset back; sales in it at other members stop at once',
  arguments: { federation: needed('federation', 'its name or id') },
  options: { asset: needed('asset', 'its name, code or id') },
  examples: [
    'federation unshare Archipel --asset Peaksu',
    'federation unshare Archipel --asset CAD --json',
  ],
  async run({ client, send, screen }, values) {
    const federation = await federationNamed(client, values.federation)
    const asset = await assetNamed(client, values.asset)
    const done = await send(unshareAsset, {
      params: { federation: federation.id },
      body: { asset: asset.id },
    })
    screen.done(
      done,
      () => `${asset.name} (${asset.code}) is no longer shared in ${federation.name}.`,
    )
  },
})

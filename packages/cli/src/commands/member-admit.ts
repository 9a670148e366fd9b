import { admitMember } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { assetNamed, placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const memberAdmit = command({
  name: 'member admit',
  summary: 'A place admits a person to free money: from the next dividend on they make it',
  details: 'The place vouches that this is a person, and has no other wallet in this money.',
  arguments: { asset: needed('asset', 'free money: its name, code or id') },
  options: {
    place: needed('place', 'a place that accepts this money'),
    wallet: needed('wallet', 'the id of the person’s wallet'),
  },
  examples: [
    'member admit LIB --place "Bar du Port" --wallet 01890000-0000-7000-8000-000000000001',
    'member admit Libre --place "Bar du Port" --wallet 01890000-0000-7000-8000-000000000001 --json',
  ],
  async run({ client, send, screen }, values) {
    const asset = await assetNamed(client, values.asset)
    const place = await placeNamed(client, values.place)
    const body = { place: place.id, wallet: readWallet(values.wallet) }
    const done = await send(admitMember, { params: { asset: asset.id }, body })
    screen.done(done, () => `${place.name} has admitted ${body.wallet} to ${asset.name}.`)
  },
})

import { endMembership } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { assetNamed, placeNamed } from '../book/named.ts'
import { command, needed, text } from '../command.ts'
import { toMoved } from '../text/applied.ts'

export const memberLeave = command({
  name: 'member leave',
  summary: 'End a membership in free money; what is due is paid first',
  arguments: { asset: needed('asset', 'free money: its name, code or id') },
  options: {
    wallet: needed('wallet', 'the id of the person’s wallet'),
    place: text('place', 'the place that admitted them, when it is who ends it'),
  },
  examples: [
    'member leave LIB --wallet 01890000-0000-7000-8000-000000000001',
    'member leave LIB --wallet 01890000-0000-7000-8000-000000000001 --place "Bar du Port"',
  ],
  async run({ client, send, screen }, { asset: name, wallet: id, place }) {
    const asset = await assetNamed(client, name)
    const params = { asset: asset.id, wallet: readWallet(id) }
    const body = place === undefined ? {} : { place: (await placeNamed(client, place)).id }
    const done = await send(endMembership, { params, body })
    const paid = done.lines.length === 0 ? 'Nothing was due' : `${toMoved(done, 'DVD')} was due`
    screen.done(done, () => `${params.wallet} has left ${asset.name}. ${paid}.`)
  },
})

import { inviteToFederation } from '@fedow/api'
import { federationNamed, placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const federationInvite = command({
  name: 'federation invite',
  summary: 'A member invites another place, which may then accept',
  arguments: { federation: needed('federation', 'its name or id') },
  options: {
    place: needed('place', 'the member that invites'),
    invited: needed('place', 'the place that is invited'),
  },
  examples: [
    'federation invite Archipel --place "La Raffinerie" --invited "Bar du Port"',
    'federation invite Archipel --place "La Raffinerie" --invited "Manapany Festival" --json',
  ],
  async run({ client, send, screen }, values) {
    const federation = await federationNamed(client, values.federation)
    const place = await placeNamed(client, values.place)
    const invited = await placeNamed(client, values.invited)
    const done = await send(inviteToFederation, {
      params: { federation: federation.id },
      body: { place: place.id, invited: invited.id },
    })
    screen.done(done, () => `${invited.name} is invited to ${federation.name}.`)
  },
})

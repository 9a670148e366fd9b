import { acceptInvitation } from '@fedow/api'
import { federationNamed, placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const federationAccept = command({
  name: 'federation accept',
  summary: 'An invited place becomes a member',
  arguments: { federation: needed('federation', 'its name or id') },
  options: { place: needed('place', 'the place that was invited') },
  examples: [
    'federation accept Archipel --place "Bar du Port"',
    'federation accept Archipel --place "Manapany Festival" --json',
  ],
  async run({ client, send, screen }, values) {
    const federation = await federationNamed(client, values.federation)
    const place = await placeNamed(client, values.place)
    const done = await send(acceptInvitation, {
      params: { federation: federation.id },
      body: { place: place.id },
    })
    screen.done(done, () => `${place.name} is now a member of ${federation.name}.`)
  },
})

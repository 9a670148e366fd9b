import { leaveFederation } from '@fedow/api'
import { federationNamed, placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const federationLeave = command({
  name: 'federation leave',
  summary: 'A member leaves; its assets leave with it',
  arguments: { federation: needed('federation', 'its name or id') },
  options: { place: needed('place', 'the member that leaves') },
  examples: [
    'federation leave Archipel --place "Bar du Port"',
    'federation leave Archipel --place "Manapany Festival" --json',
  ],
  async run({ client, send, screen }, values) {
    const federation = await federationNamed(client, values.federation)
    const place = await placeNamed(client, values.place)
    const done = await send(leaveFederation, {
      params: { federation: federation.id },
      body: { place: place.id },
    })
    screen.done(done, () => `${place.name} has left ${federation.name}.`)
  },
})

import { renamePlace } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const placeRename = command({
  name: 'place rename',
  summary: 'Give a place another name; nothing else changes',
  arguments: {
    place: needed('place', 'its name or id'),
    name: needed('name', 'the new name'),
  },
  examples: [
    'place rename "Bar du Port" "Café du Port"',
    'place rename 0198f3a0-1111-7000-8000-000000000001 "Café du Port" --json',
  ],
  async run({ client, send, screen }, { place, name }) {
    const found = await placeNamed(client, place)
    const renamed = await send(renamePlace, { params: { place: found.id }, body: { name } })
    screen.done(renamed, () => `${found.name} is now called ${name}.`)
  },
})

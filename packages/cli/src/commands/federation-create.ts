import { createFederation } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const federationCreate = command({
  name: 'federation create',
  summary: 'Found a federation; the place is its first member',
  arguments: { name: needed('name', 'as people know it') },
  options: { place: needed('place', 'the founding place') },
  examples: [
    'federation create Archipel --place "La Raffinerie"',
    'federation create "Temps partagé" --place "Banque de temps du quartier" --json',
  ],
  async run({ client, send, screen }, { name, place }) {
    const { id } = await placeNamed(client, place)
    const founded = await send(createFederation, { body: { name, place: id } })
    screen.done(founded, () => `${name} is founded: federation ${founded.federation}.`)
  },
})

import { createAsset } from '@fedow/api'
import { beginningValues, readBeginning } from '../book/dividend.ts'
import { placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { Misuse } from '../failure.ts'

const KINDS = ['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB', 'LIB'] as const
type Kind = (typeof KINDS)[number]

export const assetCreate = command({
  name: 'asset create',
  summary: 'A place makes its own money, hours, points, badge, membership or free money',
  details:
    'Kinds: TLF local money, TNF gift money, TIM hours, FID loyalty points, BDG badge, SUB membership, LIB free money (with --profile). Federated euros are made with the network.',
  arguments: { name: needed('name', 'as people know it') },
  options: {
    place: needed('place', 'the place that issues it'),
    kind: needed('kind', KINDS.join(', ')),
    code: needed('code', 'up to three letters, as tills show it'),
    ...beginningValues,
  },
  examples: [
    'asset create Peaksu --place "La Raffinerie" --kind TLF --code PKS',
    'asset create "Heures de quartier" --place "Banque de temps du quartier" --kind TIM --code HRE',
    'asset create Libre --place "Bar du Port" --kind LIB --code LIB --profile g1-v2',
  ],
  async run({ client, send, screen }, { name, place, kind, code, ...beginning }) {
    const dividend = readBeginning(beginning)
    const body = {
      place: (await placeNamed(client, place)).id,
      ...{ kind: readKind(kind), name, code },
      ...(dividend && { dividend }),
    }
    const created = await send(createAsset, { body })
    screen.done(created, () => `${name} (${code}) is made: asset ${created.asset}.`)
  },
})

function readKind(text: string): Kind {
  const kind = KINDS.find((one) => one === text.toUpperCase())
  if (kind !== undefined) return kind
  throw new Misuse(
    `"${text}" is no kind of asset that a place makes: ${KINDS.join(', ')}. Nothing was sent.`,
  )
}

import { readFileSync } from 'node:fs'
import { type CallInput, createAsset } from '@fedow/api'
import { beginningValues, readBeginning } from '../book/dividend.ts'
import { placeNamed } from '../book/named.ts'
import { command, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'

const KINDS = ['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB', 'MVO', 'LIB', 'MUT'] as const
type Kind = (typeof KINDS)[number]
type Terms = CallInput<typeof createAsset>['body']['terms']

export const assetCreate = command({
  name: 'asset create',
  summary: 'A place makes its own money, hours, points, badge, membership or free money',
  details:
    'Kinds: TLF local money, TNF gift money, TIM hours, FID loyalty points, BDG badge, SUB membership, MVO meal vouchers, LIB free money (with --profile), MUT mutual credit. Federated euros are made with the network.',
  arguments: { name: needed('name', 'as people know it') },
  options: {
    place: needed('place', 'the place that issues it'),
    kind: needed('kind', KINDS.join(', ')),
    code: needed('code', 'up to three letters, as tills show it'),
    ...beginningValues,
    terms: text(
      'file',
      'its terms as JSON, such as the API takes; else the usual ones of its kind',
    ),
  },
  examples: [
    'asset create Peaksu --place "La Raffinerie" --kind TLF --code PKS',
    'asset create "Heures de quartier" --place "Banque de temps du quartier" --kind TIM --code HRE',
    'asset create Libre --place "Bar du Port" --kind LIB --code LIB --profile g1-v2',
  ],
  async run({ client, send, screen }, { name, place, kind, code, terms, ...beginning }) {
    const dividend = readBeginning(beginning)
    const body = {
      place: (await placeNamed(client, place)).id,
      ...{ kind: readKind(kind), name, code },
      ...readTerms(terms),
      ...(dividend && { dividend }),
    }
    const created = await send(createAsset, { body })
    screen.done(created, () => `${name} (${code}) is made: asset ${created.asset}.`)
  },
})

function readKind(kind: string): Kind {
  const found = KINDS.find((one) => one === kind.toUpperCase())
  if (found !== undefined) return found
  throw new Misuse(
    `"${kind}" is no kind of asset that a place makes: ${KINDS.join(', ')}. Nothing was sent.`,
  )
}

/** The API says what is wrong in them, the file only whether it is JSON at all. */
function readTerms(path: string | undefined): { readonly terms?: NonNullable<Terms> } {
  if (path === undefined) return {}
  try {
    return { terms: JSON.parse(readFileSync(path, 'utf8')) as NonNullable<Terms> }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Misuse(`The terms cannot be read: ${why}. Nothing was sent.`)
  }
}

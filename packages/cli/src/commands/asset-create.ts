import { createAsset } from '@fedow/api'
import { usualTerms } from '@fedow/ledger'
import { beginningValues, readBeginning } from '../book/dividend.ts'
import { meltingValues, NEVER, readMelting } from '../book/melting.ts'
import { placeNamed } from '../book/named.ts'
import { readTerms, type Terms } from '../book/terms.ts'
import { command, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'

const KINDS = ['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB', 'MVO', 'LIB', 'MUT'] as const
type Kind = (typeof KINDS)[number]

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
    ...meltingValues,
  },
  examples: [
    'asset create Peaksu --place "La Raffinerie" --kind TLF --code PKS',
    'asset create "Heures de quartier" --place "Banque de temps du quartier" --kind TIM --code HRE',
    'asset create Cerise --place "Bar du Port" --kind TLF --code CER --melting cooperative',
    'asset create Libre --place "Bar du Port" --kind LIB --code LIB --profile g1-v2',
  ],
  async run({ client, send, screen }, { name, place, kind: word, code, ...values }) {
    const { terms, melting, meltingDay, ...beginning } = values
    const kind = readKind(word)
    const dividend = readBeginning(beginning)
    const body = {
      place: (await placeNamed(client, place)).id,
      ...{ kind, name, code },
      ...termsOf(kind, { terms, melting, meltingDay }),
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

/** The terms of the file, or the usual ones of the kind when only melting is named; none: the book has the usual ones. */
function termsOf(
  kind: Kind,
  { terms, ...melting }: Readonly<Record<'terms' | 'melting' | 'meltingDay', string | undefined>>,
): { readonly terms?: Terms } {
  const demurrage = readMelting(melting)
  const given = terms === undefined ? undefined : readTerms(terms)
  if (demurrage === undefined || demurrage === NEVER) return given ? { terms: given } : {}
  return { terms: { ...(given ?? usualTermsOf(kind)), demurrage } }
}

function usualTermsOf(kind: Kind): Terms {
  const { personToPerson, refund, dayStartUtcMinutes } = usualTerms(kind)
  return { personToPerson, spendAt: { accepted: true }, refund, limits: {}, dayStartUtcMinutes }
}

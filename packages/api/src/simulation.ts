/** What melting by other terms would do to the accounts that there are. */
import { type AssetId, BEHAVIOURS, CANDIDATES_MAX } from '@fedow/ledger'
import Type from 'typebox'
import { DemurrageText } from './melting-terms.ts'
import { idParams, PREFIX, type Route } from './route.ts'
import { AmountText, Count, closed, fileOf, idText, named, oneOf, ref, Sha256 } from './schema.ts'

const Ppm = Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Parts per million.' })
const Day = Type.Integer({
  minimum: 0,
  maximum: 104_166,
  description: 'A day in UTC, counted from 1970-01-01.',
})

/** Terms as the book has them: a hash covers them, and a day is a number in it. */
export const SimulatedTerms = named(
  'SimulatedTerms',
  closed({
    ...DemurrageText.properties,
    form: Type.Union([
      closed({ ppm: Ppm }),
      closed({ fixed: AmountText }),
      closed({ allDay: Day }),
    ]),
  }),
)

const candidate = closed(
  { demurrage: Type.Optional(DemurrageText) },
  { description: 'Terms that begin 90 days after the snapshot; without any, nothing changes.' },
)

const fees = closed(
  { ppm: Ppm, fixed: AmountText },
  { description: 'What a card processor takes of each payment; 1.4 % and 0.10 when absent.' },
)

const asked = {
  candidates: Type.Array(candidate, { minItems: 1, maxItems: CANDIDATES_MAX }),
  years: Type.Integer({ minimum: 1, maximum: 10 }),
  behaviour: oneOf(
    BEHAVIOURS,
    'Nobody makes a gesture any more; or everybody on the days of the year before.',
  ),
  seed: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
}
const resamples = Type.Integer({ minimum: 20, maximum: 1_000 })

const CandidateView = closed({
  demurrage: Type.Optional(ref(SimulatedTerms)),
  why: Type.Optional(oneOf(['too_few'], '1 to 9 wallets would lose something: no more is shown.')),
  touched: Type.Optional(Count),
  years: Type.Optional(
    Type.Array(closed({ fromYear: Count, toYear: Count, touched: Count, amount: AmountText })),
  ),
  amount: Type.Optional(AmountText),
  interval: Type.Optional(closed({ low: AmountText, high: AmountText })),
  medianLoss: Type.Optional(AmountText),
  ninthLoss: Type.Optional(AmountText),
  bands: Type.Optional(
    Type.Array(
      closed({
        from: AmountText,
        to: Type.Optional(AmountText),
        wallets: Count,
        touched: Count,
        amount: AmountText,
      }),
    ),
  ),
  coversPpm: Type.Optional(Count),
})

/** A simulation as canonical JSON; what each member is: docs/spec/simulation.md. */
export const SimulationView = named(
  'Simulation',
  closed({
    method: Count,
    hash: Sha256,
    resultHash: Sha256,
    snapshot: Sha256,
    asset: idText<AssetId>('The asset.'),
    height: Count,
    day: Day,
    wallets: Count,
    years: Count,
    behaviour: oneOf(BEHAVIOURS),
    seed: Count,
    resamples: Count,
    feesOf: fees,
    spending: Type.Optional(
      closed({ payments: Count, amount: AmountText, fees: AmountText, left: AmountText }),
    ),
    candidates: Type.Array(CandidateView),
  }),
)

/** What was asked, the answer and, when they are wanted, the accounts. */
export const SimulationFile = named(
  'SimulationFile',
  closed({
    question: closed({
      ...asked,
      candidates: Type.Array(closed({ demurrage: Type.Optional(ref(SimulatedTerms)) })),
      resamples,
      fees,
    }),
    simulation: ref(SimulationView),
    snapshot: Type.Optional(
      Type.Object({}, { description: 'The accounts without names: docs/spec/simulation.md.' }),
    ),
  }),
)

/** Asks what melting by other terms would do. Reads, and changes nothing. */
export const postSimulation = {
  method: 'POST',
  url: `${PREFIX}/assets/:asset/simulations`,
  access: 'operator',
  makesTx: false,
  problems: [401, 403, 404, 503],
  produces: 'application/json',
  schema: {
    operationId: 'simulateMelting',
    summary: 'What melting by other terms would bring in, and from whom; changes nothing',
    description:
      'On the accounts as of the last sealed block, on a thread of its own. The same accounts and question give the same bytes on any machine. No row shows 1 to 9 wallets; but several answers together may tell of one wallet, so only the operator asks, and publishes what they choose. With withAccounts the answer has the accounts too, without names, so that it can be simulated again without the book: that is not for the public.',
    tags: ['assets'],
    params: idParams({ asset: idText<AssetId>('An asset.') }),
    body: closed({
      ...asked,
      resamples: Type.Optional(resamples),
      fees: Type.Optional(fees),
      withAccounts: Type.Optional(Type.Boolean()),
    }),
    response: { 200: fileOf(ref(SimulationFile)) },
  },
} as const satisfies Route

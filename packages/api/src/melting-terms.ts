/** The rule by which sleeping money melts, as requests and answers have it. Source: docs/spec/demurrage.md, "Policy". */
import { type Demurrage, EXEMPT_KINDS, toIsoDay } from '@fedow/ledger'
import Type from 'typebox'
import { AmountText, closed, oneOf, PositiveAmount, type Static } from './schema.ts'

/** A day in UTC. */
export const DayText = Type.String({
  format: 'date',
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'A day in UTC, such as 2027-12-31.',
})

const PartsPerMillion = Type.Integer({
  minimum: 0,
  maximum: 1_000_000,
  description: 'Parts per million: 10000 is 1 %.',
})

const Rate = Type.Integer({ ...PartsPerMillion, minimum: 1 })

/** How an asset melts. Its members are those of the book, but for a day, which is a date here. */
export const DemurrageText = closed(
  {
    basis: oneOf(
      ['inactivity', 'age'],
      'What sleeps: a wallet whose holder makes no gesture, or money that stays where it is.',
    ),
    graceDays: Type.Integer({
      minimum: 0,
      maximum: 3_660,
      description: 'Days of sleep before the first period begins.',
    }),
    period: Type.Union([
      closed({ months: Type.Integer({ minimum: 1, maximum: 120 }) }),
      closed({ days: Type.Integer({ minimum: 1, maximum: 3_660 }) }),
    ]),
    form: Type.Union(
      [closed({ ppm: Rate }), closed({ fixed: PositiveAmount }), closed({ allDay: DayText })],
      {
        description:
          'What melts at the end of each period: parts per million of what is there, a fixed amount, or all of it on one day.',
      },
    ),
    floor: Type.Integer({ ...AmountText, description: 'What is never melted of a balance.' }),
    exempt: Type.Array(oneOf(EXEMPT_KINDS), {
      maxItems: EXEMPT_KINDS.length,
      description: 'Kinds of wallets in which it does not melt.',
    }),
    shares: closed(
      {
        node: PartsPerMillion,
        commons: PartsPerMillion,
        maintenance: PartsPerMillion,
        burnt: PartsPerMillion,
      },
      { description: 'What becomes of what melts; they add up to a million.' },
    ),
  },
  { description: 'How it melts while it sleeps. Absent: never.' },
)
export type DemurrageJson = Static<typeof DemurrageText>

/** Terms of the book as answers have them. Amounts are below 2^53, so numbers keep them exact. */
export function toDemurrageText({ form, floor, exempt, ...terms }: Demurrage): DemurrageJson {
  return { ...terms, form: toFormText(form), floor: Number(floor), exempt: [...exempt] }
}

function toFormText(form: Demurrage['form']): DemurrageJson['form'] {
  if ('ppm' in form) return form
  return 'fixed' in form ? { fixed: Number(form.fixed) } : { allDay: toIsoDay(form.allDay) }
}

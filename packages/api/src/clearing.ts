/** What places owe each other for the local money that each holds of another. */
import type { PlaceId } from '@fedow/ledger'
import Type from 'typebox'
import { PREFIX, type Route } from './route.ts'
import { closed, idText, PositiveAmount, SignedAmount, Time } from './schema.ts'

const Place = idText<PlaceId>('A place.')

/** A proposal: nothing moves by it. */
export const getClearing = {
  method: 'GET',
  url: `${PREFIX}/clearing`,
  access: 'operator',
  makesTx: false,
  problems: [403],
  schema: {
    operationId: 'getClearing',
    summary:
      'Who would pay whom, so that no place holds local money or meal vouchers of another unpaid',
    description:
      'Counts local money and meal vouchers: no gifts, no hours. Fewer transfers than places, with the same net for each.',
    tags: ['clearing'],
    querystring: closed({ since: Type.Optional(Time) }),
    response: {
      200: closed({
        since: Type.Optional(Time),
        positions: Type.Array(
          closed({
            place: Place,
            name: Type.String(),
            holds: SignedAmount,
            owes: SignedAmount,
            net: SignedAmount,
          }),
          {
            description:
              'What a place holds of others, what others hold of it, and what it is to receive (negative: to pay).',
          },
        ),
        transfers: Type.Array(closed({ from: Place, to: Place, amount: PositiveAmount })),
      }),
    },
  },
} as const satisfies Route

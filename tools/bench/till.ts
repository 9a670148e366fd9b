/** Places with their own money and their own cards: where the payments of the benchmarks happen. */
import { randomInt, randomUUIDv7 } from 'node:crypto'
import {
  type Action,
  type Amount,
  type AssetId,
  type BatchId,
  type CardId,
  deriveId,
  type Hex32,
  type Id,
  NOTICE_DAYS,
  type NodeId,
  type PlaceId,
  type PolicyTerms,
  SHARES_USUAL,
  type WalletId,
} from '@fedow/ledger'
import { sha256 } from '../../packages/node/src/store/hash.ts'

export interface Till {
  readonly place: PlaceId
  readonly wallet: WalletId
  readonly asset: AssetId
  /** How many cards it has. */
  readonly cards: number
}

/** A tx of the benchmarks always moves this: one cent. */
const CENT = 1n as Amount
/** On every card at the beginning: enough for all that follows. */
const CARD_BALANCE = 1_000_000n as Amount
const CARDS_PER_TX = 1_000
const ACTIONS_PER_TX = 16

export function newId<T extends Id<string>>(): T {
  return randomUUIDv7() as string as T
}

export function newTill(cards: number): Till {
  return { place: newId(), wallet: newId(), asset: newId(), cards }
}

/** The id of one of the cards: as spread as a random one, without a list to keep. */
export function cardOf({ place }: Till, index: number): CardId {
  return deriveId<CardId>(sha256, 'bench', place, index)
}

/** A sale of one cent on a random card. */
export function saleAt(till: Till): Action {
  const card = cardOf(till, randomInt(till.cards))
  return { kind: 'sale', card, to: till.place, parts: [{ asset: till.asset, amount: CENT }] }
}

const PERIOD_DAYS = 10
/** A policy of that day is public from the next midnight on, then comes one period: how old a book is whose money melts for the first time. */
export const MELTING_DAYS = 1 + NOTICE_DAYS + PERIOD_DAYS

/** A thousandth every ten days, without grace. */
const MELTING: PolicyTerms = {
  personToPerson: false,
  spendAt: { accepted: true },
  refund: 'issuer',
  limits: {},
  dayStartUtcMinutes: 0,
  demurrage: {
    basis: 'inactivity',
    graceDays: 0,
    period: { days: PERIOD_DAYS },
    form: { ppm: 1_000 },
    floor: 0n as Amount,
    exempt: ['place', 'fund'],
    shares: SHARES_USUAL,
  },
}

/** What melts of each card on that day, in cents. */
export const MELTED_FIRST = CARD_BALANCE / 1_000n

/** The actions, tx by tx, that open a till and give every card money. */
export function* openingOf(
  till: Till,
  { node, isMelting }: { readonly node: NodeId; readonly isMelting: boolean },
): Generator<readonly Action[]> {
  const { place, wallet, asset, cards: count } = till
  const batch = newId<BatchId>()
  const root = 'a'.repeat(64) as Hex32
  const register = { kind: 'cards-register', batch, place, generation: 1, root, count } as const
  yield [{ kind: 'place-open', place, wallet, name: `Bar ${place}`, node }]
  const made = { asset, place, assetKind: 'TLF', name: `Perle ${place}`, code: 'PRL' } as const
  yield [{ kind: 'asset-create', ...made, ...(isMelting && { terms: MELTING }) }]
  for (let offset = 0; offset < count; offset += CARDS_PER_TX) {
    const cards = cardsOf(till, offset, CARDS_PER_TX)
    yield [{ ...register, offset, level: 'L0', cards }]
  }
  for (let offset = 0; offset < count; offset += ACTIONS_PER_TX) {
    yield cardsOf(till, offset, ACTIONS_PER_TX).map((card) => {
      return { kind: 'refill', asset, to: { card }, amount: CARD_BALANCE } as const
    })
  }
}

function cardsOf(till: Till, from: number, count: number): readonly CardId[] {
  const length = Math.min(count, till.cards - from)
  return Array.from({ length }, (_, index) => cardOf(till, from + index))
}

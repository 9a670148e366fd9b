/**
 * Loops of offers: who takes them one after the other ends with the asset that they began with. When the rates of a loop
 * multiply to more than one, they end with more, and somebody who offers loses it. All arithmetic is exact.
 */
import { mulDivFloor, type Offer, type OfferId } from '@fedow/ledger'

/** An offer that can be taken. */
export type LiveOffer = Pick<Offer, 'place' | 'give' | 'take' | 'rate'> & { readonly id: OfferId }

/** Offers in the order in which they are taken, and by how much one ends with more: `numerator / denominator`. */
export interface OfferLoop {
  readonly offers: readonly LiveOffer[]
  readonly numerator: bigint
  readonly denominator: bigint
}

export interface LosingLoops {
  /** The worst loop of offers of one place alone. */
  readonly own?: OfferLoop
  /** The worst loop in which offers of other places stand too. */
  readonly across?: OfferLoop
}

/** Most offers in a loop that is looked for. */
const LOOP_MAX = 5
/** Most offers that are tried. */
const TRIES_MAX = 200_000

/** The worst loops through an offer of which somebody ends with more than they began with. */
export function losingLoops(added: LiveOffer, live: readonly LiveOffer[]): LosingLoops {
  const byTaken = Map.groupBy(
    live.filter(({ id }) => id !== added.id),
    ({ take }) => take,
  )
  const found: { own?: OfferLoop; across?: OfferLoop } = {}
  let tries = 0
  walk([added])
  return found

  function walk(path: readonly LiveOffer[]): void {
    const end = path.at(-1) ?? added
    for (const next of byTaken.get(end.give) ?? []) {
      tries += 1
      if (tries > TRIES_MAX) return
      const longer = [...path, next]
      if (next.give === added.take) keep(longer)
      else if (longer.length < LOOP_MAX && !path.some(({ take }) => take === next.give))
        walk(longer)
    }
  }

  function keep(offers: readonly LiveOffer[]): void {
    const loop = multiply(offers)
    if (loop.numerator <= loop.denominator) return
    const which = offers.every(({ place }) => place === added.place) ? 'own' : 'across'
    const best = found[which]
    const isWorse =
      best === undefined || loop.numerator * best.denominator > best.numerator * loop.denominator
    if (isWorse) found[which] = loop
  }
}

function multiply(offers: readonly LiveOffer[]): OfferLoop {
  let [numerator, denominator] = [1n, 1n]
  for (const { rate } of offers) {
    numerator *= BigInt(rate.give)
    denominator *= BigInt(rate.take)
  }
  return { offers, numerator, denominator }
}

/** What is lost of an amount that is turned around a loop once. Units: minor units. Rounding: down. */
export function lossOf({ numerator, denominator }: OfferLoop, amount: bigint): bigint {
  return mulDivFloor(amount, numerator - denominator, denominator)
}

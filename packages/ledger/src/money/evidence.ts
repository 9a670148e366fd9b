/** What ties federated euros to payments outside of the book, each of which counts once. */
import { AMOUNT_MAX, type Amount } from '../amount.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { type Hex32, hex32, type PlaceId } from '../ids.ts'
import { demand, refuse } from '../rejection.ts'
import { amount, type Of, object, oneOf } from '../shape.ts'
import { demandReserve, reserveName } from './reserve.ts'

/** What proves a payment: who took it, its reference (hashed), and where its euros are. */
export const evidence = object({
  /** The reserve account that the net amount is on, such as `bank/main` or `provider/stripe`. */
  account: reserveName,
  /** SHA-256 of the payment's reference. Burnt for ever: one payment mints once. */
  reference: hex32,
  gross: amount,
  /** What the provider kept; the keeper owes it to the reserve. */
  fee: amount,
  net: amount,
})
export type Evidence = Of<typeof evidence>

/**
 * Burns the evidence of a payment that was received.
 *
 * Rejects with, in this order: evidence_does_not_add_up, amount_must_be_positive, evidence_burnt.
 */
export function burnReceived(ctx: Context, { reference, gross, fee, net }: Evidence): Change {
  // Each is an amount, and what is missing must be one of either sign to be written in the outcome.
  const missing = gross - net - fee
  demand(missing === 0n, () => ({
    code: 'evidence_does_not_add_up',
    missing: missing < -AMOUNT_MAX ? -AMOUNT_MAX : missing,
  }))
  demand(gross > 0n, () => ({ code: 'amount_must_be_positive' }))
  return burn(ctx, reference, gross)
}

/** How a place is paid by hand: a person says so, and names what shows it. */
export const HAND_PROVIDERS = ['cash', 'transfer'] as const
export type HandProvider = (typeof HAND_PROVIDERS)[number]

/** What a person says of a payment that a place has taken. Source: docs/spec/refill.md, "By hand". */
export const handEvidence = object({
  provider: oneOf(HAND_PROVIDERS),
  /** SHA-256 of what shows it: the reference of a bank transfer, the number of a receipt. */
  reference: hex32,
})
export type HandEvidence = Of<typeof handEvidence>

/** Rejects with: evidence_burnt. */
export function burn(ctx: Context, reference: Hex32, amount: Amount): Change {
  return burnAs(ctx, reference, amount)
}

/**
 * Burns what one place has taken. References of places stand apart from each other and from those of the reserve: nobody
 * uses up the payment of somebody else.
 *
 * Rejects with, in this order: amount_must_be_positive, evidence_burnt.
 */
export function burnOfPlace(
  ctx: Context,
  { reference }: HandEvidence,
  { place, amount }: { readonly place: PlaceId; readonly amount: Amount },
): Change {
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  return burnAs(ctx, `${place}/${reference}`, amount)
}

function burnAs(ctx: Context, id: string, amount: Amount): Change {
  demand(ctx.state.get('evidence', id) === undefined, () => ({
    code: 'evidence_burnt',
    reference: id,
  }))
  return { kind: 'evidence', id, record: { tx: ctx.tx, amount } }
}

/**
 * Euros that left a reserve account for an amount of federated ones: one BNK line in EUR.
 *
 * Rejects with, in this order: evidence_does_not_add_up, evidence_burnt, reserve_account_not_found, reserve_short.
 */
export function payOut(
  ctx: Context,
  { amount, evidence }: { readonly amount: Amount; readonly evidence?: Evidence },
): Required<Omit<Effects, 'active'>> {
  if (evidence === undefined || !isExactly(evidence, amount)) {
    return refuse({ code: 'evidence_does_not_add_up', missing: amount - (evidence?.net ?? 0n) })
  }
  const { account, reference } = evidence
  const burnt = burn(ctx, reference, amount)
  const wallet = demandReserve(ctx, { account, amount })
  const { eur } = params(ctx.state)
  return {
    changes: [burnt],
    lines: [{ action: 'BNK', asset: eur, from: wallet, to: wallet, amount }],
  }
}

function isExactly({ gross, fee, net }: Evidence, amount: bigint): boolean {
  return gross === amount && net === amount && fee === 0n
}

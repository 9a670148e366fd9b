/** Payments at Stripe, and the euros behind the federated money. */
import { toDecimal } from '@fedow/api'
import type { Finding } from './findings.ts'
import { CHECKOUT, LINE, toUuid } from './rows.ts'
import type { V1Database } from './v1-database.ts'

/** What the federated money rests on, in cents. */
export interface Reserve {
  readonly asset: string
  /** In circulation as stored: what the reserve must cover. */
  readonly held: bigint
  /** Made for payments that v1 holds for paid. */
  readonly paid: bigint
  readonly deposited: bigint
  /** Paid back to cards through Stripe. */
  readonly refunded: bigint
  /** What the payments leave, after deposits and refunds. */
  readonly expected: bigint
  /** Held beyond what was paid for. Below zero: less is held. */
  readonly gap: bigint
}

const BEGUN = "'G', 'P', 'V', 'F', 'R', 'L'"
const OPEN = "'N', 'O'"

export function* reviewCheckouts(db: V1Database): IterableIterator<Finding> {
  const columns =
    'c.uuid, c.status, c.datetime, coalesce(c.checkout_session_id_stripe, c.invoice_stripe_id)'
  const unused = `NOT EXISTS (SELECT 1 FROM ${LINE.name} WHERE checkout_stripe_id = c.uuid)`
  const begun = `SELECT ${columns} FROM ${CHECKOUT.name} c WHERE c.status IN (${BEGUN}) AND ${unused}`
  for (const cells of db.query(begun)) yield ofCheckout('checkout_not_credited', cells)
  const open = `SELECT ${columns} FROM ${CHECKOUT.name} c WHERE c.status IN (${OPEN})`
  for (const cells of db.query(open)) yield ofCheckout('checkout_open', cells)
}

function ofCheckout(code: Finding['code'], cells: readonly unknown[]): Finding {
  const [id, status, at, stripe] = cells.map(String)
  const name = stripe === 'null' ? 'without a Stripe id' : stripe
  const detail = `Begun ${at} UTC, in state ${status}, ${name}. Its amount is known to Stripe only.`
  return { code, subjects: { checkout: toUuid(id ?? '') }, detail }
}

export function* reviewReserve({
  asset,
  held,
  paid,
  expected,
  gap,
}: Reserve): IterableIterator<Finding> {
  const subjects = { asset: toUuid(asset) }
  if (held !== 0n) {
    const detail = `${toDecimal(held)} of federated money is in circulation.`
    yield { code: 'fed_reserve', subjects, amount: held, detail }
  }
  if (gap === 0n) return
  const detail = `Payments of ${toDecimal(paid)} leave ${toDecimal(expected)} after deposits and refunds; ${toDecimal(held)} is in circulation.`
  yield { code: 'fed_gap', subjects, amount: gap, detail }
}

/** Money that is made: whether it was delivered, and for federated money, whether it was paid. */
import { hash } from 'node:crypto'
import { toDecimal } from '@fedow/api'
import type { Finding, FindingCode } from './findings.ts'
import { type LineWatch, ofLine, subjectsOf } from './line-watch.ts'
import { toUuid, type V1Line } from './rows.ts'
import type { V1LineAmongOthers } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

const PAID = new Set(['P', 'V', 'F'])
const UNCLEAR = new Set(['G', 'R'])

export class MintingWatch implements LineWatch {
  readonly #world: V1World
  readonly #found: Finding[] = []
  /** Made and not yet delivered, by what both lines of a refill have in common. */
  readonly #made = new Map<string, V1Line[]>()
  readonly #credited = new Map<string, string>()
  #paid = 0n

  constructor(world: V1World) {
    this.#world = world
  }

  /** Federated money made for payments that v1 holds for paid. */
  get paid(): bigint {
    return this.#paid
  }

  see(among: V1LineAmongOthers): void {
    const { line } = among
    if (line.action === 'CRE') {
      this.#make(line)
      if (this.#world.assets.get(line.asset)?.category === 'FED') this.#pay(among)
    }
    if (line.action === 'REF') this.#deliver(line)
  }

  *found(): IterableIterator<Finding> {
    yield* this.#found
    for (const line of [...this.#made.values()].flat()) {
      const name = this.#world.nameOfAsset(line.asset)
      const detail = `${name}, made ${line.at} UTC; no refill followed.`
      const finding = ofLine('minting_undelivered', line, detail)
      const card = line.card === undefined ? {} : { card: toUuid(line.card) }
      yield { ...finding, subjects: { ...finding.subjects, ...card } }
    }
  }

  #make(line: V1Line): void {
    const key = keyOf(line)
    const others = this.#made.get(key)
    if (others === undefined) this.#made.set(key, [line])
    else others.push(line)
  }

  /** The refill names as the one before it whatever was made last, so it is known by what it shares with its own. */
  #deliver(line: V1Line): void {
    const key = keyOf(line)
    const others = this.#made.get(key) ?? []
    if (others.pop() === undefined) {
      const detail = `${this.#world.nameOfAsset(line.asset)}, ${line.at} UTC.`
      this.#found.push(ofLine('refill_without_minting', line, detail))
    }
    if (others.length === 0) this.#made.delete(key)
  }

  #pay({ line, checkout }: V1LineAmongOthers): void {
    if (line.checkout === undefined || checkout === undefined) {
      this.#found.push(ofLine('fed_minted_without_checkout', line, `Made ${line.at} UTC.`))
      return
    }
    const first = this.#credited.get(line.checkout)
    if (first !== undefined) {
      this.#tellPayment('checkout_credited_twice', line, `The line ${first} credited it first.`)
      return
    }
    this.#credited.set(line.checkout, toUuid(line.id))
    if (PAID.has(checkout.status)) {
      this.#paid += line.amount
      return
    }
    const code = UNCLEAR.has(checkout.status) ? 'fed_minted_in_error' : 'fed_minted_unpaid'
    const stripe = checkout.stripeId ?? 'nothing'
    const detail = `${toDecimal(line.amount)} for the checkout ${stripe} in state ${checkout.status}.`
    this.#tellPayment(code, line, detail)
  }

  #tellPayment(code: FindingCode, line: V1Line, detail: string): void {
    const checkout = toUuid(line.checkout ?? '')
    const subjects = { ...subjectsOf(line), checkout }
    this.#found.push({ code, subjects, amount: line.amount, detail })
  }
}

function keyOf(line: V1Line): string {
  const { asset, from, amount, card, primary, checkout, comment, metadata } = line
  const shared = [asset, from, String(amount), card, primary, checkout, comment, metadata]
  return hash('sha256', JSON.stringify(shared), 'base64')
}

/** What single lines show: amounts, dates, rules, repeated requests. */
import { hash } from 'node:crypto'
import { toDecimal } from '@fedow/api'
import { AMOUNT_MAX } from '@fedow/ledger'
import type { Finding } from './findings.ts'
import type { LedgerSums } from './ledger-sums.ts'
import { brokenRule } from './line-rules.ts'
import { type LineWatch, ofLine, subjectsOf } from './line-watch.ts'
import { toUuid } from './rows.ts'
import type { V1LineAmongOthers } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

/** Adds lines up, and tells which ones spent what was not there. */
export class SumsWatch implements LineWatch {
  readonly #found: Finding[] = []
  readonly #sums: LedgerSums

  constructor(sums: LedgerSums) {
    this.#sums = sums
  }

  see({ line }: V1LineAmongOthers): void {
    const left = this.#sums.post(line)
    if (left === undefined || left >= 0n || line.amount <= 0n) return
    const detail = `It left ${toDecimal(left)} in the wallet that paid.`
    const amount = -left < line.amount ? -left : line.amount
    this.#found.push({ code: 'spent_more_than_held', subjects: subjectsOf(line), amount, detail })
  }

  found(): readonly Finding[] {
    return this.#found
  }
}

/** Lines that break a rule which the line itself still shows. */
export class RulesWatch implements LineWatch {
  readonly #found: Finding[] = []
  readonly #world: V1World
  /** As v1 writes moments. */
  readonly #now: string

  constructor(world: V1World, nowMs: number) {
    this.#world = world
    this.#now = new Date(nowMs).toISOString().replace('T', ' ').slice(0, 23)
  }

  see({ line }: V1LineAmongOthers): void {
    const { action, amount, at, checkedAt } = line
    const tell = (code: Finding['code'], detail: string): void => {
      this.#found.push(ofLine(code, line, detail))
    }
    const broken = brokenRule(line, this.#world)
    if (broken !== undefined) tell('line_against_rules', `${action}: ${broken}.`)
    if (amount < 0n || amount > AMOUNT_MAX) tell('impossible_amount', `${action} of ${at}.`)
    if (action === 'COR') tell('correction_line', `${this.#world.nameOfAsset(line.asset)}, ${at}.`)
    const latest = checkedAt !== undefined && checkedAt > at ? checkedAt : at
    if (latest > this.#now) tell('line_in_future', `It is dated ${latest} UTC.`)
  }

  found(): readonly Finding[] {
    return this.#found
  }
}

/** A till signs each order, and Lespass names each reward: equal requests are one request, sent again. */
const REPEATABLE: ReadonlySet<string> = new Set(['SAL', 'REF'])

/** The same sale or reward, written twice. */
export class RepeatWatch implements LineWatch {
  readonly #found: Finding[] = []
  readonly #first = new Map<string, { readonly line: string; readonly at: string }>()

  see({ line }: V1LineAmongOthers): void {
    const { action, metadata, amount, from, to, asset, card, primary, checkout, comment } = line
    if (!REPEATABLE.has(action) || metadata === undefined || amount === 0n) return
    const parts = [
      action,
      metadata,
      String(amount),
      from,
      to,
      asset,
      card,
      primary,
      checkout,
      comment,
    ]
    const key = hash('sha256', JSON.stringify(parts), 'base64')
    const first = this.#first.get(key)
    if (first === undefined) {
      this.#first.set(key, { line: toUuid(line.id), at: line.at })
      return
    }
    this.#found.push({
      code: 'line_repeated',
      subjects: { ...subjectsOf(line), repeats: first.line },
      amount,
      detail: `${action} of ${line.at}, equal in everything to the one of ${first.at}.`,
    })
  }

  found(): readonly Finding[] {
    return this.#found
  }
}

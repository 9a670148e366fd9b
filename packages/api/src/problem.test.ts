import { REJECTION_NUMBER, type Rejection, type RejectionCode, type TxId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { compileCheck } from './check.ts'
import { isProblem, ProblemView, rejectionProblem, requestProblem } from './problem.ts'
import { REJECTION_SENTENCES } from './rejection-sentences.ts'
import { REQUEST_PROBLEMS, type RequestCode } from './request-problems.ts'
import { toDecimal } from './sentence.ts'

/** Anything that a rejection may carry, so that every sentence can be written. */
const ANYTHING = {
  wallet: 'w',
  can: 'sell',
  on: 'place/p',
  limit: 'card_day',
  left: 1_234n,
  untilMs: 0,
  asset: 'a',
  missing: 5n,
  place: 'p',
  kind: 'card',
  federation: 'f',
  action: 'sale',
  card: 'c',
  batch: 'b',
  expected: 3,
  sha256: 'f'.repeat(64),
  id: 'i',
  name: 'n',
  what: 'keys',
  max: 9,
  hold: 'h',
  expiredMs: 0,
  maxMs: 604_800_000,
  reference: 'r',
  account: 'bank/main',
  node: 'n',
  kid: 'k',
  x: 'x',
  earliestMs: 0,
  line: 7,
  afterMs: 0,
  sinceMs: 0,
  why: 'fee',
  payout: 'p',
  above: 6n,
  found: 'own_key',
  sumPpm: 999_999,
  most: 5n,
  member: 'first',
  nextMs: 0,
  offer: 'o',
  proposal: 'p',
  closedMs: 0,
  places: 4,
  rules: 2,
  afterHeight: 1,
  take: 't',
  give: 'g',
  least: 200n,
  leastDays: 365,
} as const

const REQUEST = {
  where: '/',
  why: 'is odd',
  method: 'GET',
  path: '/',
  allowed: 'POST',
  tx: 't',
  line: 'l',
  height: 1,
  registered: 1,
  count: 2,
  tile: '0/000',
  size: 5,
  asked: 6,
  origin: 'fedow/x',
  newest: 7,
  payment: 'p',
  state: 'expired',
  file: 'f',
  reader: 'r',
}

const check = compileCheck(ProblemView)

describe('the problem of a rejection', () => {
  it.each(Object.keys(REJECTION_NUMBER) as RejectionCode[])(
    '%s says what, the money, what to do',
    (code) => {
      const rejection = { code, ...ANYTHING } as unknown as Rejection
      const problem = rejectionProblem(rejection, { requestId: 'r-1', nameOf: (id) => `<${id}>` })
      expect(check(problem)).toBeUndefined()
      expect(isProblem(JSON.parse(JSON.stringify(problem)))).toBe(true)
      expect(problem).toMatchObject({ status: 409, outcome: 'rejected', code })
      expect(problem.detail).toMatch(/\. The book keeps the refusal; no money moved\.$/)
      expect(problem.detail).not.toMatch(/undefined|NaN|\d+n\b|\[object/)
      expect(problem.title).not.toMatch(/[.!]$/)
      expect(problem.fix).toMatch(/\.$/)
    },
  )

  it('tells by which tx a payment was used, and when, where that is known', () => {
    const tx = '0198f3a0-1111-7000-8000-000000000001' as TxId
    const burnt = { code: 'evidence_burnt', reference: 'r' } as const
    const usedBy = (reference: string) =>
      reference === 'r' ? { tx, timeMs: 1_764_000_000_000 } : undefined
    const problem = rejectionProblem(burnt, { requestId: 'r-1', usedBy })
    expect(problem.detail).toContain(`That was on 2025-11-24T16:00:00Z, by tx ${tx}.`)
    expect(problem.with).toEqual({ reference: 'r', tx, time: '2025-11-24T16:00:00Z' })
    const other = rejectionProblem({ ...burnt, reference: 's' }, { requestId: 'r-1', usedBy })
    expect(other.with).toEqual({ reference: 's' })
  })

  it('has one title a code, so that people can look it up', () => {
    const titles = Object.values(REJECTION_SENTENCES).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })
})

describe('the problem of a request', () => {
  it.each(Object.keys(REQUEST_PROBLEMS) as RequestCode[])(
    '%s says what, the money, what to do',
    (code) => {
      const found = { code, ...ANYTHING, ...REQUEST } as never
      const problem = requestProblem(found, { requestId: 'r-1' })
      expect(check(problem)).toBeUndefined()
      expect(problem.detail).toMatch(/money moved( is not known yet)?\.$/)
      expect(problem.detail).not.toMatch(/undefined|NaN|\[object/)
      expect(problem.fix).toMatch(/\.$/)
    },
  )
})

describe('minor units as people write them', () => {
  it.each([
    [0n, '0.00'],
    [5, '0.05'],
    [1_250n, '12.50'],
    [-99n, '-0.99'],
    [9_007_199_254_740_991n, '90071992547409.91'],
  ])('%s is %s', (minor, text) => {
    expect(toDecimal(minor)).toBe(text)
  })
})

import { expect, it } from 'vitest'
import { type Action, type Amount, MemoryState, type WalletId } from '../src/index.ts'
import { Book } from './governance-book.ts'
import { toId, toKey } from './names.ts'

const FUND = toId<WalletId>('commons')
const ANA = toId<WalletId>('ana')
const [FED, A] = [toId<never>('FED'), toId<never>('a')]
const ONE = 1n as Amount
const SHA = 'f'.repeat(64) as never
const parts = [{ asset: FED, amount: ONE }]
const evidence = { account: 'bank/main', reference: SHA, gross: ONE, fee: 0n as Amount, net: ONE }
const key = { x: toKey('thief').x, can: ['admin'] as const }

/** Every action in which a wallet can be named, with the fund there. */
const NAMING: readonly (readonly [by: string, action: Action])[] = [
  ['node', { kind: 'transfer', from: FUND, to: ANA, asset: FED, amount: ONE }],
  ['a manager', { kind: 'transfer', from: FUND, to: toId('a wallet'), asset: FED, amount: ONE }],
  ['a manager', { kind: 'transfer', from: toId('a wallet'), to: FUND, asset: FED, amount: ONE }],
  ['node', { kind: 'qr-sale', from: FUND, to: A, parts }],
  [
    'node',
    {
      ...{ kind: 'hold', hold: toId('h'), from: { wallet: FUND }, to: A, asset: FED },
      ...{ amount: ONE, expiresMs: 1_767_225_600_000 + 1_000 },
    } as Action,
  ],
  ['keeper', { kind: 'issue', to: { wallet: FUND }, evidence }],
  ['keeper', { kind: 'payout-open', payout: toId('p'), wallet: FUND, amount: ONE }],
  ['node', { kind: 'wallet-open', wallet: FUND, node: toId('node') }],
  ['node', { kind: 'place-open', place: toId('x'), wallet: FUND, name: 'X', node: toId('node') }],
  ['operator', { kind: 'keys-change', on: `wallet/${FUND}`, add: [key], remove: [] }],
  ['node', { kind: 'keys-change', on: `wallet/${FUND}`, add: [key], remove: [] }],
  ['operator', { kind: 'grant-to-node', on: `wallet/${FUND}`, node: toId('node'), can: ['spend'] }],
]

it.each(NAMING)('refuses %s an action that names a fund: $1.kind', (by, action) => {
  const state = new MemoryState()
  const book = new Book(state)
  const before = state.get('account', `${FUND}/${FED}`)
  const code = book.ask(by, [action])
  expect(['wallet_kind_refused', 'subject_not_found', 'id_taken']).toContain(code)
  expect(before?.balance).toBe(1_000n)
  expect(state.get('account', `${FUND}/${FED}`)).toEqual(before)
})

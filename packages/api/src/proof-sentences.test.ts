import type {
  AssetId,
  CardId,
  ChainId,
  Hex32,
  Kid,
  LineMember,
  ReceiptFacts,
  StatementFacts,
  TxId,
  Unproven,
  UnprovenCode,
  Vouchers,
  WalletId,
} from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { type ToldVerdict, tellReceipt, tellStatement } from './proof-sentences.ts'
import { UNPROVEN_SENTENCES } from './unproven-sentences.ts'

const CHAIN = '00112233445566778899aabbccddeeff' as ChainId
const NAMES: Readonly<Record<string, string>> = { pks: 'Peaksu', card: 'card 1234', bar: 'the bar' }
const nameOf = (id: string) => NAMES[id] ?? id

const VOUCHERS: Vouchers = {
  chain: CHAIN,
  size: 15,
  sealed: 3,
  signed: [{ name: `fedow/${CHAIN}`, key: '2682ddf0' }],
  cosigned: [{ name: 'witness.example', key: 'eb01e1ae', timeS: 1_767_229_200 }],
  unknownCosigners: [],
}

const SALE: ReceiptFacts = {
  ...VOUCHERS,
  tx: 'tx-1' as TxId,
  signer: 'kid-1' as Kid,
  actions: ['sale'],
  status: 'applied',
  height: 2,
  timeUs: 1_767_225_660_000_000,
  index: 7,
  lines: [
    {
      previous: null,
      seq: 1,
      asset: 'pks' as AssetId,
      action: 'SAL',
      from: 'card' as WalletId,
      to: 'bar' as WalletId,
      amount: 350n as ReceiptFacts['lines'][number]['amount'],
      timeUs: 1_767_225_660_000_002,
      card: 'c-1' as CardId,
      primary: null,
      tx: 'tx-1' as TxId,
      actionIndex: 0,
      lineIndex: 0,
    },
  ],
}

const STATEMENT: StatementFacts = {
  ...VOUCHERS,
  wallet: 'card' as WalletId,
  kind: 'card',
  isComplete: true,
  accounts: [
    { asset: 'pks' as AssetId, balance: 750n, held: 250n, isOpen: true } as never,
    { asset: 'fed' as AssetId, balance: 0n, held: 0n, isOpen: false } as never,
  ],
}

describe('a proven receipt', () => {
  it('says what was decided, when, and each line', () => {
    const { title, proven } = tellReceipt({ proven: true, facts: SALE }, nameOf)
    expect(title).toBe('Proven: it was applied')
    expect(proven).toEqual([
      'The tx (sale) tx-1 was applied in block 2, dated 2026-01-01T00:01:00Z.',
      'It is number 8 of the 15 entries of the history up to block 3.',
      'Line: sale, 3.50 Peaksu from card 1234 to the bar, with the card c-1.',
    ])
  })

  it('says by whose signatures, and which ones nobody checked', () => {
    const { signedBy } = tellReceipt({ proven: true, facts: SALE })
    expect(signedBy).toEqual([
      'The key kid-1 signed the tx.',
      `The log fedow/${CHAIN} signed block 3, with its key 2682ddf0.`,
      'The witness witness.example (key eb01e1ae) co-signed on 2026-01-01T01:00:00Z: it saw this history, grown from all it had seen before.',
    ])
    const unknownCosigners = ['other.example', 'evil"\u202eelpmaxe']
    const alone: ReceiptFacts = { ...SALE, cosigned: [], unknownCosigners }
    const told = tellReceipt({ proven: true, facts: alone })
    expect(told.signedBy.slice(2)).toEqual([
      'No witness that you know co-signed.',
      'Not checked, and worth nothing here: signatures named "other.example", "evil\'\ufffdelpmaxe".',
    ])
    expect(told.notProven.join()).toContain('everybody is shown the same history')
  })

  it('says what is not proven', () => {
    const { notProven } = tellReceipt({ proven: true, facts: SALE })
    for (const word of ['after block 3', 'Who the people', 'rules', 'dates']) {
      expect(notProven.join()).toContain(word)
    }
    expect(notProven.join()).not.toContain('same history')
  })

  it('of a refusal says that no money moved, and why', () => {
    const facts: ReceiptFacts = {
      ...SALE,
      status: 'rejected',
      code: 'insufficient_balance',
      action: 1,
      lines: [],
    }
    const { title, proven } = tellReceipt({ proven: true, facts })
    expect(title).toBe('Proven: it was refused')
    expect(proven.slice(0, 2)).toEqual([
      'The tx (sale) tx-1 was refused for good in block 2, dated 2026-01-01T00:01:00Z; no money moved.',
      'The reason, at action 2: Not enough money (insufficient_balance).',
    ])
  })

  it('of what a node executed says that nobody signed it', () => {
    const { signer: _, ...entry } = SALE
    const { proven, signedBy } = tellReceipt({ proven: true, facts: { ...entry, actions: [] } })
    expect(proven[0]).toContain('The entry tx-1 was applied')
    expect(signedBy[0]).toContain('Nobody signed the entry')
  })
})

describe('a proven statement', () => {
  it('says what the wallet held after which block, and that this is all', () => {
    const { proven, notProven } = tellStatement({ proven: true, facts: STATEMENT }, nameOf)
    expect(proven).toEqual([
      'The wallet card 1234 (card) is in the book, as it was after block 3.',
      'It held 7.50 Peaksu, of which 2.50 is reserved by holds.',
      'It never had an account in fed: it held 0.00.',
      'These are all accounts of this wallet: it never had another one.',
    ])
    for (const word of ['now', 'word of the operator alone', 'audit']) {
      expect(notProven.join()).toContain(word)
    }
  })

  it('says when only what was asked for is shown', () => {
    const facts = { ...STATEMENT, isComplete: false }
    expect(tellStatement({ proven: true, facts }).proven.at(-1)).toContain('asked for')
  })
})

/** Anything that a reason may carry, so that every sentence can be written. */
const ANYTHING = {
  at: '.hashes[0]',
  expected: 'base64 of 32 bytes',
  chain: CHAIN,
  txChain: CHAIN,
  trusted: [CHAIN],
  keys: ['2682ddf0'],
  name: 'witness.example',
  key: '2682ddf0',
  id: 'i',
  derived: 'd',
  height: 4,
  sealed: 3,
  index: 7,
  size: 15,
  kid: 'k',
  lines: 2,
  hashes: 3,
  line: 0,
  member: 'hash' satisfies LineMember,
  wallet: 'w',
  asset: 'a',
  previous: null as Hex32 | null,
} as const

describe('what is not proven', () => {
  it.each(Object.keys(UNPROVEN_SENTENCES) as UnprovenCode[])(
    '%s says why, and what to do',
    (code) => {
      const reason = { code, ...ANYTHING } as unknown as Unproven
      const told = [
        tellReceipt({ proven: false, reason }),
        tellStatement({ proven: false, reason }),
      ]
      for (const { title, proven, signedBy, notProven, fix } of told) {
        expect(title).toMatch(/^Not proven: [A-Z].*[^.!]$/)
        expect([proven, signedBy]).toEqual([[], []])
        expect(notProven).toHaveLength(1)
        expect(notProven[0]).toMatch(/\.$/)
        expect(notProven[0]).not.toMatch(/undefined|NaN|\[object/)
        expect(fix).toMatch(/\.$/)
      }
    },
  )

  it('has one title a code, so that people can look it up', () => {
    const titles = Object.values(UNPROVEN_SENTENCES).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('shows nothing of a file that could pass for our words', () => {
    const at = `.x\n\nProven: it was applied${'!'.repeat(200)}`
    const told = tellReceipt({ proven: false, reason: { code: 'malformed', at, expected: 'y' } })
    expect(lengthOf(told)).toBeLessThan(500)
    expect(told.notProven.join()).not.toContain('\n')
  })
})

function lengthOf(told: ToldVerdict): number {
  return JSON.stringify(told).length
}

import { describe, expect, it } from 'vitest'
import { openFernet, parseFernetKey } from '../src/v1/import/fernet.ts'
import type { Finding } from '../src/v1/import/findings.ts'
import type { V1Report } from '../src/v1/import/report.ts'
import { reviewV1 } from '../src/v1/import/review-v1.ts'
import { ask, bare, findingsOf, V1Folder, v1File } from './v1-file.ts'
import { makeV1Database } from './v1-maker.ts'

const NOW_MS = Date.UTC(2026, 11, 1)
const FERNET_KEY = 'aG9sZG91dC1mZXJuZXQta2V5LW9mLTMyLWJ5dGVzLSE='

function review(path: string): Promise<V1Report> {
  return reviewV1(path, { nowMs: NOW_MS })
}

/** Stored and counted balances that differ, by v1's table of effects in plain SQL. */
const DRIFT = `
  WITH place AS (SELECT wallet_id FROM fedow_core_place),
  move AS (
    SELECT t.asset_id, sender_id wallet_id, -amount amount FROM fedow_core_transaction t
    WHERE action IN ('REF', 'SAL', 'QRS', 'FUS', 'RFD', 'BNK')
    UNION ALL
    SELECT t.asset_id, receiver_id, amount FROM fedow_core_transaction t
    JOIN fedow_core_asset a ON a.uuid = t.asset_id
    WHERE action IN ('CRE', 'REF', 'SAL', 'QRS', 'FUS', 'SUB')
      OR (action = 'RFD' AND a.category = 'FED' AND receiver_id IN place)
  ),
  counted AS (SELECT wallet_id, asset_id, sum(amount) amount FROM move GROUP BY 1, 2)
  SELECT k.uuid account, k.value - coalesce(c.amount, 0) amount FROM fedow_core_token k
  LEFT JOIN counted c USING (wallet_id, asset_id)
  WHERE k.value <> coalesce(c.amount, 0) ORDER BY account`

const FORKS = `
  SELECT p.uuid line, count(*) next FROM fedow_core_transaction p
  JOIN fedow_core_transaction n ON n.previous_transaction_id = p.uuid AND n.uuid <> p.uuid
  GROUP BY p.uuid HAVING next > 1 ORDER BY p.uuid`

/** Per card: how much more was made than delivered. */
const UNDELIVERED = `
  SELECT asset_id asset, card_id card, sum(iif(action = 'CRE', 1, -1)) count,
    sum(iif(action = 'CRE', amount, -amount)) amount
  FROM fedow_core_transaction WHERE action IN ('CRE', 'REF')
  GROUP BY asset_id, card_id HAVING count <> 0 ORDER BY asset, card`

describe('the report on the storm', () => {
  it('finds every drift to the cent', async () => {
    const report = await review(v1File('storm'))
    const expected = ask(v1File('storm'), DRIFT)
    expect(expected).toHaveLength(3)
    const found = findingsOf(report, 'balance_drift')
      .map(({ subjects, amount }) => ({ account: bare(subjects['account']), amount }))
      .sort((one, other) => (one.account < other.account ? -1 : 1))
    expect(found).toEqual(expected)
    expect(found.map(({ amount }) => amount)).toEqual(expect.arrayContaining([-1045n, -40n, 25n]))
  })

  it('finds every fork with all that follow', async () => {
    const report = await review(v1File('storm'))
    const expected = ask(v1File('storm'), FORKS)
    expect(expected.length).toBeGreaterThan(300)
    const found = findingsOf(report, 'chain_fork')
      .map(({ subjects }) => ({
        line: bare(subjects['line']),
        next: BigInt(subjects['next']?.length ?? 0),
      }))
      .sort((one, other) => (one.line < other.line ? -1 : 1))
    expect(found).toEqual(expected)
  })

  it('finds every minting without delivery, card by card', async () => {
    const report = await review(v1File('storm'))
    const expected = ask(v1File('storm'), UNDELIVERED)
    const undelivered = findingsOf(report, 'minting_undelivered')
    const found = Map.groupBy(undelivered, ({ subjects }) => bare(subjects['card']))
    const summed = [...found].map(([card, list]) => ({
      asset: bare(list[0]?.subjects['asset']),
      card,
      count: BigInt(list.length),
      amount: sumOf(list),
    }))
    const byCard = (
      one: { asset: string; card: string },
      other: { asset: string; card: string },
    ) => (one.asset + one.card < other.asset + other.card ? -1 : 1)
    expect(summed.sort(byCard)).toEqual(expected)
    expect([undelivered.length, sumOf(undelivered)]).toEqual([28, 280n])
    expect(findingsOf(report, 'refill_without_minting')).toEqual([])
  })

  it('has the hash of every line right, and nothing else that costs money', async () => {
    const { findings, decisions } = await review(v1File('storm'))
    const codes = new Set(findings.map(({ code }) => code))
    expect([...codes].sort()).toEqual([
      ...['balance_drift', 'chain_fork', 'minting_undelivered', 'person_without_key'],
      'secret_not_opened',
    ])
    expect(decisions).toBe(31)
  })
})

describe('the report on the story', () => {
  it('finds federated money that was made and not paid', async () => {
    const report = await review(v1File('story'))
    const made = ask(
      v1File('story'),
      `SELECT t.uuid line, amount, status FROM fedow_core_transaction t
       JOIN fedow_core_asset a ON a.uuid = t.asset_id AND a.category = 'FED'
       LEFT JOIN fedow_core_checkoutstripe c ON c.uuid = t.checkout_stripe_id
       WHERE action = 'CRE' AND coalesce(status, '') NOT IN ('P', 'V', 'F') ORDER BY amount`,
    )
    expect(made.map(({ amount, status }) => [amount, status])).toEqual([
      [900n, 'R'],
      [5000n, 'O'],
    ])
    const [unclear] = findingsOf(report, 'fed_minted_in_error')
    const [unpaid] = findingsOf(report, 'fed_minted_unpaid')
    expect([bare(unclear?.subjects['line']), unclear?.amount]).toEqual([made[0]?.['line'], 900n])
    expect([bare(unpaid?.subjects['line']), unpaid?.amount]).toEqual([made[1]?.['line'], 5000n])
    expect(findingsOf(report, 'fed_gap')).toMatchObject([{ amount: 5900n }])
    expect(findingsOf(report, 'fed_reserve')).toMatchObject([{ amount: 17200n }])
    expect(findingsOf(report, 'checkout_open')).toHaveLength(1)
  })

  it('finds the sale and the reward that were carried out twice', async () => {
    const report = await review(v1File('story'))
    const same = ['action', 'asset_id', 'sender_id', 'receiver_id', 'amount', 'metadata']
    const twice = ask(
      v1File('story'),
      `SELECT two.uuid line, two.amount FROM fedow_core_transaction one
       JOIN fedow_core_transaction two ON one.datetime < two.datetime
         AND ${same.map((column) => `one.${column} = two.${column}`).join(' AND ')}
       WHERE two.action IN ('SAL', 'REF') AND two.amount > 0
         AND coalesce(one.card_id, '') = coalesce(two.card_id, '') ORDER BY two.amount DESC`,
    )
    expect(twice.map(({ amount }) => amount)).toEqual([200n, 60n])
    const found = findingsOf(report, 'line_repeated').map(({ subjects, amount }) => {
      return { line: bare(subjects['line']), amount }
    })
    expect(found).toEqual(twice)
  })

  it('has no drift, no fork, and every hash right', async () => {
    const report = await review(v1File('story'))
    expect(ask(v1File('story'), DRIFT)).toEqual([])
    expect(ask(v1File('story'), FORKS)).toEqual([])
    const codes = new Set(report.findings.map(({ code }) => code))
    for (const code of ['balance_drift', 'chain_fork', 'hash_mismatch', 'line_against_rules']) {
      expect(codes.has(code as Finding['code']), code).toBe(false)
    }
    expect(report.decisions).toBe(6)
  })

  it('lists the wallets that belong to nobody any more', async () => {
    const report = await review(v1File('story'))
    const nobody = ask(
      v1File('story'),
      `SELECT uuid FROM fedow_core_wallet WHERE uuid NOT IN (
         SELECT primary_wallet_id FROM fedow_core_configuration
         UNION SELECT wallet_id FROM fedow_core_place
         UNION SELECT wallet_id FROM fedow_core_fedowuser WHERE wallet_id IS NOT NULL
         UNION SELECT wallet_ephemere_id FROM fedow_core_card WHERE wallet_ephemere_id IS NOT NULL)`,
    )
    const found = findingsOf(report, 'orphan_wallet').map(({ subjects }) =>
      bare(subjects['wallet']),
    )
    expect(found.sort()).toEqual(nobody.map(({ uuid }) => uuid).sort())
    expect(found).toHaveLength(17)
  })

  it.each(['story', 'storm'] as const)('adds up what each asset of the %s is', async (name) => {
    const report = await review(v1File(name))
    const rows = ask(
      v1File(name),
      `SELECT a.uuid asset, coalesce(sum(iif(action IN ('CRE', 'SUB'), amount, 0)), 0) issued,
         coalesce(sum(iif(action = 'BNK', amount, 0)), 0) deposited,
         (SELECT coalesce(sum(value), 0) FROM fedow_core_token WHERE asset_id = a.uuid) held
       FROM fedow_core_asset a LEFT JOIN fedow_core_transaction t ON t.asset_id = a.uuid
       GROUP BY a.uuid ORDER BY a.uuid`,
    )
    const found = report.assets
      .map(({ asset, issued, deposited, held }) => ({
        asset: bare(asset),
        issued,
        deposited,
        held,
      }))
      .sort((one, other) => (one.asset < other.asset ? -1 : 1))
    expect(found).toEqual(rows)
    for (const one of report.assets) {
      expect(one.issued - one.deposited - one.burnt).toBe(one.ledger)
      expect(one.ledger + one.difference).toBe(one.held)
    }
  })
})

describe('encrypted columns', () => {
  it('open with the key of v1, and with no other', async () => {
    const right = parseFernetKey(`${FERNET_KEY}\n`)
    const wrong = parseFernetKey(FERNET_KEY.replace('aG9', 'bG9'))
    const open = await reviewV1(v1File('story'), { nowMs: NOW_MS, fernetKey: right })
    const closed = await reviewV1(v1File('story'), { nowMs: NOW_MS, fernetKey: wrong })
    expect([open.secrets, closed.secrets]).toEqual([
      { opened: 2, closed: 0 },
      { opened: 0, closed: 2 },
    ])
    expect(findingsOf(open, 'secret_not_opened')).toEqual([])
  })

  // The vector of the specification of Fernet.
  it('open as the specification says', () => {
    const key = parseFernetKey('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=')
    const text =
      'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=='
    if (key === undefined) throw new Error('the key of the vector is a key')
    expect(openFernet(key, text)?.toString()).toBe('hello')
    expect(openFernet(key, text.replace('ZtN', 'ZtM').replace('A==', 'Q=='))).toBeUndefined()
    expect(parseFernetKey('short')).toBeUndefined()
  })
})

describe('a database of many lines', () => {
  it('has all its planted defects told, and no others', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    console.info(`seed of the database: ${seed}`)
    using folder = new V1Folder('storm')
    const planted = makeV1Database({ path: folder.path, seed, lines: 6_000, cards: 1_500 })
    const report = await review(folder.path)
    const drifts = findingsOf(report, 'balance_drift')
    const undelivered = findingsOf(report, 'minting_undelivered')
    expect({
      forks: findingsOf(report, 'chain_fork').length,
      undelivered: undelivered.length,
      undeliveredAmount: sumOf(undelivered),
      drifts: drifts.length,
      driftAmount: sumOf(drifts),
      orphans: findingsOf(report, 'orphan_wallet').length,
    }).toEqual(planted)
    expect(report.decisions).toBe(planted.drifts + planted.undelivered)
    expect(report.counts).toMatchObject({
      card: 1_502,
      transaction: report.assets.reduce((sum, { lines }) => sum + lines, 0),
    })
  })
})

describe('a long reading', () => {
  it('stops when it is asked to', async () => {
    const stop = AbortSignal.abort()
    using folder = new V1Folder('storm', MANY_LINES)
    await expect(reviewV1(folder.path, { nowMs: NOW_MS, stop })).rejects.toThrow('aborted')
  })
})

/** More lines than are read in one go. */
const MANY_LINES = `
  INSERT INTO fedow_core_transaction SELECT lower(hex(randomblob(16))), lower(hex(randomblob(32))), ip, datetime, amount,
    comment, metadata, subscription_type, subscription_first_datetime, subscription_start_datetime, last_check, action,
    asset_id, card_id, checkout_stripe_id, previous_transaction_id, primary_card_id, receiver_id, sender_id
  FROM fedow_core_transaction`

function sumOf(findings: readonly Finding[]): bigint {
  return findings.reduce((sum, { amount = 0n }) => sum + amount, 0n)
}

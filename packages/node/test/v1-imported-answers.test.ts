/** Every object of the two databases that v1 wrote, brought over: each answers as v1 did. */
import type { AssetId, CardId, FederationId, LineId, PlaceId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTION_LABELS, type V1Action } from '../src/v1/objects/labels.ts'
import type { V1Answer } from '../src/v1/route.ts'
import { walletHistoryRoute } from '../src/v1/routes/wallet-history.ts'
import { answeredMoment, hyphened, type ImportedV1, startImported } from './imported-v1.ts'
import { read } from './v1-book.ts'

const LINES = `
  SELECT t.*, w.name sender_name, r.name receiver_name, sp.name sender_place, rp.name receiver_place
  FROM fedow_core_transaction t
  JOIN fedow_core_wallet w ON w.uuid = sender_id LEFT JOIN fedow_core_place sp ON sp.wallet_id = sender_id
  JOIN fedow_core_wallet r ON r.uuid = receiver_id LEFT JOIN fedow_core_place rp ON rp.wallet_id = receiver_id`

const TOKENS = `
  SELECT k.*, a.name asset_name, a.category, a.archive,
    (SELECT uuid FROM fedow_core_transaction t WHERE t.asset_id = k.asset_id
      AND k.wallet_id IN (sender_id, receiver_id) ORDER BY datetime DESC LIMIT 1) last
  FROM fedow_core_token k JOIN fedow_core_asset a ON a.uuid = k.asset_id`

type Row = Record<string, unknown>

function optional(cell: unknown): string | null {
  return cell === null ? null : hyphened(cell)
}

/** TransactionSimple of a row, as v1 makes it. */
function simpleOf(row: Row) {
  const nameOf = (side: 'sender' | 'receiver') =>
    row[`${side}_name`] ?? row[`${side}_place`] ?? String(row[`${side}_id`]).slice(0, 8)
  return {
    uuid: hyphened(row['uuid']),
    action: row['action'],
    get_action_display: ACTION_LABELS[row['action'] as V1Action],
    hash: row['hash'],
    datetime: answeredMoment(row['datetime']),
    subscription_first_datetime: answeredMoment(row['subscription_first_datetime']),
    subscription_start_datetime: answeredMoment(row['subscription_start_datetime']),
    subscription_type: row['subscription_type'],
    last_check: answeredMoment(row['last_check']),
    sender: hyphened(row['sender_id']),
    receiver: hyphened(row['receiver_id']),
    sender_name: nameOf('sender'),
    receiver_name: nameOf('receiver'),
    asset: hyphened(row['asset_id']),
    amount: Number(row['amount']),
    comment: row['comment'],
    metadata: row['metadata'] === null ? null : JSON.parse(String(row['metadata'])),
    primary_card: optional(row['primary_card_id']),
    previous_transaction: hyphened(row['previous_transaction_id']),
    verify_hash: true,
  }
}

describe.each(['story', 'storm'] as const)('the %s', (file) => {
  let old: ImportedV1

  beforeAll(async () => {
    old = await startImported({ file })
  })
  afterAll(() => old[Symbol.asyncDispose]())

  const lineOf = (row: Row) => {
    const line = old.means.book.lineById(hyphened(row['uuid']) as LineId)
    if (line === undefined) throw new Error(`no line ${String(row['uuid'])}`)
    return line
  }

  it('answers every line as before', () => {
    const rows = old.ask(LINES)
    expect(rows.length).toBeGreaterThan(200)
    for (const row of rows) {
      expect(read(old.means.objects.transactionSimple(lineOf(row)))).toEqual(simpleOf(row))
    }
  })

  it('answers every line with its card as it is', () => {
    for (const row of old.ask(LINES)) {
      const { sender_name: _, receiver_name: __, ...simple } = simpleOf(row)
      const card =
        row['card_id'] && read(old.means.objects.card(hyphened(row['card_id']) as CardId))
      expect(read(old.means.objects.transaction(lineOf(row)))).toEqual({ ...simple, card })
    }
  })

  it('prints metadata byte for byte as v1 did', () => {
    const rows = old.ask(`${LINES} WHERE metadata IS NOT NULL`)
    expect(rows.length).toBeGreaterThan(10)
    for (const row of rows) {
      const text = JSON.stringify(JSON.parse(String(row['metadata'])))
      const printed = old.means.objects.transactionSimple(lineOf(row)) as { text: string }
      const wanted = text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
      expect(printed.text).toContain(`"metadata":${wanted},`)
    }
  })

  it('has every account under its name, with its balance and its last line', () => {
    const rows = old.ask(TOKENS)
    const lines = new Map(old.ask(LINES).map((row) => [row['uuid'], row]))
    expect(rows.length).toBeGreaterThan(80)
    for (const row of rows) {
      const last = row['last'] === null ? undefined : simpleOf(lines.get(row['last']) as Row)
      const isMembership = row['category'] === 'SUB'
      const asset = hyphened(row['asset_id']) as AssetId
      const wallet = hyphened(row['wallet_id']) as WalletId
      const token = read(old.means.objects.token(wallet, asset))
      expect(token).toMatchObject({
        uuid: hyphened(row['uuid']),
        name: row['asset_name'],
        value: Number(row['value']),
        asset_uuid: asset,
        asset_category: row['category'],
        last_transaction: last ?? null,
        last_transaction_datetime: last?.datetime ?? null,
        start_membership_date: isMembership
          ? (last?.subscription_start_datetime ?? last?.datetime ?? null)
          : null,
      })
    }
  })

  it('shows in every wallet the accounts that it had, and no others', () => {
    const had = Map.groupBy(old.ask(TOKENS), ({ wallet_id }) => wallet_id)
    const wallets = old.ask(`
      SELECT w.uuid, coalesce(w.name, p.name, substr(w.uuid, 1, 8)) name,
        EXISTS (SELECT 1 FROM fedow_core_card c JOIN fedow_core_fedowuser u ON u.uuid = c.user_id
          WHERE u.wallet_id = w.uuid) has_card
      FROM fedow_core_wallet w LEFT JOIN fedow_core_place p ON p.wallet_id = w.uuid`)
    for (const { uuid, name, has_card } of wallets) {
      const wallet = read(old.means.objects.wallet(hyphened(uuid) as WalletId))
      expect([wallet.get_name, wallet.has_user_card]).toEqual([name, has_card === 1n])
      const tokens = wallet.tokens.map((token: { uuid: string; value: number }) => [
        token.uuid,
        token.value,
      ])
      const wanted = (had.get(uuid) ?? []).map((row) => [
        hyphened(row['uuid']),
        Number(row['value']),
      ])
      expect(tokens.sort()).toEqual(wanted.sort())
    }
  })

  it('has every asset with its dates, its federations and its totals', () => {
    const rows = old.ask(`
      SELECT a.*, p.uuid place,
        (SELECT coalesce(sum(value), 0) FROM fedow_core_token WHERE asset_id = a.uuid) total,
        (SELECT coalesce(sum(value), 0) FROM fedow_core_token JOIN fedow_core_place USING (wallet_id)
          WHERE asset_id = a.uuid) in_places,
        (SELECT group_concat(DISTINCT fp.place_id) FROM fedow_core_federation_assets fa
          JOIN fedow_core_federation_places fp USING (federation_id) WHERE fa.asset_id = a.uuid) places
      FROM fedow_core_asset a LEFT JOIN fedow_core_place p ON p.wallet_id = a.wallet_origin_id`)
    for (const row of rows) {
      const asset = read(
        old.means.objects.asset(hyphened(row['uuid']) as AssetId, { totals: true }),
      )
      const { place_origin: place, place_uuid_federated_with: places, ...facts } = asset
      expect(facts).toMatchObject({
        name: row['name'],
        currency_code: row['currency_code'],
        category: row['category'],
        wallet_origin: hyphened(row['wallet_origin_id']),
        created_at: answeredMoment(row['created_at']),
        last_update: answeredMoment(row['last_update']),
        total_token_value: Number(row['total']),
        total_in_place: Number(row['in_places']),
        total_in_wallet_not_place: Number(row['total']) - Number(row['in_places']),
      })
      const isFed = row['category'] === 'FED'
      expect(place?.uuid ?? null).toBe(isFed ? null : optional(row['place']))
      const wanted = isFed || row['places'] === null ? [] : String(row['places']).split(',')
      expect(places.sort()).toEqual(wanted.map(hyphened).sort())
    }
  })

  it('has every card with its digits, its origin, its wallet and the tills that it opens', () => {
    const rows = old.ask(`
      SELECT c.*, o.generation, o.place_id, u.wallet_id persons,
        (SELECT group_concat(place_id) FROM fedow_core_card_primary_places p WHERE p.card_id = c.uuid) opens
      FROM fedow_core_card c JOIN fedow_core_origin o ON o.id = c.origin_id
      LEFT JOIN fedow_core_fedowuser u ON u.uuid = c.user_id`)
    expect(rows.length).toBeGreaterThan(60)
    for (const row of rows) {
      const id = hyphened(row['uuid']) as CardId
      const wallet = row['persons'] ?? row['wallet_ephemere_id']
      for (const { place } of old.places()) {
        const card = read(old.means.objects.card(id, { place }))
        expect(card).toMatchObject({
          first_tag_id: row['first_tag_id'],
          number_printed: row['number_printed'],
          uuid: id,
          qrcode_uuid: hyphened(row['qrcode_uuid']),
          origin: {
            place: { uuid: hyphened(row['place_id']) },
            generation: Number(row['generation']),
            img: null,
          },
          ...(wallet !== null && { wallet: { uuid: hyphened(wallet) } }),
          is_wallet_ephemere: row['user_id'] === null,
          is_primary: String(row['opens'] ?? '')
            .split(',')
            .map(hyphened)
            .includes(place),
        })
      }
    }
  })

  it('has every federation with its places and its assets', () => {
    const rows = old.ask(`
      SELECT f.*, (SELECT group_concat(place_id) FROM fedow_core_federation_places p
          WHERE p.federation_id = f.uuid) places,
        (SELECT group_concat(asset_id) FROM fedow_core_federation_assets a
          JOIN fedow_core_asset ON fedow_core_asset.uuid = asset_id
          WHERE a.federation_id = f.uuid AND category <> 'FED') assets
      FROM fedow_core_federation f`)
    for (const row of rows) {
      const federation = read(old.means.objects.federation(hyphened(row['uuid']) as FederationId))
      const idsOf = (list: readonly { readonly uuid: string }[]) =>
        list.map(({ uuid }) => uuid).sort()
      const wanted = (cell: unknown) =>
        String(cell ?? '')
          .split(',')
          .filter(Boolean)
          .map(hyphened)
      expect([federation.name, federation.description]).toEqual([row['name'], row['description']])
      expect(idsOf(federation.places)).toEqual(wanted(row['places']).sort())
      expect(idsOf(federation.assets)).toEqual(wanted(row['assets']).sort())
    }
  })

  it('pages through the history of everybody, newest first, with that of their cards', async () => {
    const people = old.ask('SELECT wallet_id FROM fedow_core_fedowuser')
    let lines = 0
    for (const { wallet_id } of people) {
      const wallet = hyphened(wallet_id) as WalletId
      const query = new URLSearchParams({ page_size: '100' })
      const call = { means: old.means, wallet, query } as never
      const { body } = await (walletHistoryRoute.answer as (call: never) => Promise<V1Answer>)(call)
      const rows = old.ask(`
        WITH own AS (SELECT '${wallet_id}' wallet UNION SELECT sender_id FROM fedow_core_transaction
          WHERE action = 'FUS' AND receiver_id = '${wallet_id}')
        SELECT uuid FROM fedow_core_transaction
        WHERE sender_id IN own OR receiver_id IN own ORDER BY datetime DESC`)
      const shown = read(body).results.map(({ uuid }: { uuid: string }) => uuid)
      expect(shown).toEqual(rows.map(({ uuid }) => hyphened(uuid)))
      lines += shown.length
    }
    if (file === 'story') expect(lines).toBeGreaterThan(50)
  })

  it('has every place, and who administers it', () => {
    const rows = old.ask('SELECT * FROM fedow_core_place')
    for (const row of rows) {
      const id = hyphened(row['uuid']) as PlaceId
      expect(read(old.means.objects.place(id))).toEqual({
        uuid: id,
        name: row['name'],
        dokos_id: row['dokos_id'],
        wallet: hyphened(row['wallet_id']),
        lespass_domain: row['lespass_domain'],
      })
      const admins = old.ask(`SELECT wallet_id FROM fedow_core_place_admins
        JOIN fedow_core_fedowuser u ON u.uuid = fedowuser_id WHERE place_id = '${row['uuid']}'`)
      const { laboutikPem, ...place } = old.means.store.places.get(id)
      expect(place.admins.toSorted()).toEqual(
        admins.map(({ wallet_id }) => hyphened(wallet_id)).sort(),
      )
      expect(laboutikPem).toBe(row['cashless_rsa_pub_key'])
    }
  })

  it('has everybody with the key that v1 had of them', () => {
    const rows = old.ask(`SELECT email, wallet_id, public_pem FROM fedow_core_fedowuser
      JOIN fedow_core_wallet w ON w.uuid = wallet_id`)
    for (const { email, wallet_id, public_pem } of rows) {
      expect(old.means.store.people.byEmail(String(email))).toEqual({
        wallet: hyphened(wallet_id),
        email,
        pem: public_pem === null ? null : String(public_pem).trim(),
      })
    }
  })

  it('has every checkout in its state', () => {
    for (const row of old.ask('SELECT * FROM fedow_core_checkoutstripe')) {
      const id = hyphened(row['uuid'])
      const checkout = old.means.store.checkouts.find(id)
      expect(checkout).toMatchObject({
        status: row['status'],
        asset: hyphened(row['asset_id']),
        stripeId: row['checkout_session_id_stripe'],
        intent: row['intent_payment_id_stripe'],
        invoice: row['invoice_stripe_id'],
        metadata: row['metadata'],
      })
      const stripeId = checkout?.stripeId
      if (stripeId) expect(old.means.store.checkouts.byStripeId(stripeId)?.id).toBe(id)
    }
    const paid = old.ask('SELECT uuid, checkout_stripe_id FROM fedow_core_transaction')
    for (const { uuid, checkout_stripe_id } of paid) {
      const past = old.means.store.past.line(hyphened(uuid) as LineId)
      expect(past?.checkout).toBe(optional(checkout_stripe_id))
    }
  })
})

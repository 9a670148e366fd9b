/** Keys, places, people, the names of accounts and checkouts, as the clients of v1 know them. */
import type { AssetId, PlaceId, WalletId } from '@fedow/ledger'
import { CREATION_KEY as CREATION_MARK } from '../routes/service.ts'
import type { V1CheckoutStatus } from '../store/checkouts.ts'
import type { V1Key } from '../store/keys.ts'
import type { V1Store } from '../store/v1-store.ts'
import {
  ACCOUNT,
  CHECKOUT,
  CONFIGURATION,
  CREATION_KEY,
  PERSON,
  PLACE,
  PLACE_ADMIN,
  PLACE_KEY,
  toMicroseconds,
  toUuid,
  type V1PlaceKey,
  WALLET,
} from './rows.ts'
import type { V1Database } from './v1-database.ts'

/** Wallets by the id of their person. */
export type PeopleWallets = ReadonlyMap<string, WalletId>

export function walletsOfPeople(db: V1Database): PeopleWallets {
  const pairs = [...db.rows(PERSON)].flatMap(({ id, wallet }) =>
    wallet === undefined ? [] : [[id, toUuid(wallet) as WalletId] as const],
  )
  return new Map(pairs)
}

/** Everybody with a wallet. Of two who differ in the case of their e-mail, the one with v1's own lower case. */
export function fillPeople(db: V1Database, { people }: V1Store): void {
  const pems = new Map<string, string>()
  for (const { id, publicPem } of db.rows(WALLET)) if (publicPem) pems.set(id, publicPem.trim())
  const all = [...db.rows(PERSON)]
  const isLower = ({ email }: { readonly email: string }) => email === email.toLowerCase()
  for (const { email, wallet } of [...all.filter(isLower), ...all.filter((one) => !isLower(one))]) {
    if (wallet === undefined || people.byEmail(email) !== undefined) continue
    people.add({ wallet: toUuid(wallet) as WalletId, email, pem: pems.get(wallet) || null })
  }
}

interface Filling {
  readonly store: V1Store
  readonly people: PeopleWallets
}

export function fillPlaces(db: V1Database, { store, people }: Filling): void {
  for (const { id, laboutikPem, ...place } of db.rows(PLACE)) {
    store.places.put(toUuid(id) as PlaceId, {
      lespassDomain: place.lespassDomain ?? null,
      laboutikPem: laboutikPem?.trim() || null,
      laboutikUrl: place.laboutikUrl ?? null,
      laboutikIp: place.laboutikIp ?? null,
      dokosId: place.dokosId ?? null,
    })
  }
  for (const { place, person } of db.rows(PLACE_ADMIN)) {
    const wallet = people.get(person)
    if (wallet !== undefined) store.places.addAdmin(toUuid(place) as PlaceId, wallet)
  }
}

/** All but temporary ones: in v1 these open everything. */
export function fillKeys(
  db: V1Database,
  { store, people, nowMs }: Filling & { readonly nowMs: number },
): void {
  for (const row of db.rows(PLACE_KEY)) {
    if (row.name.startsWith('temp_')) continue
    const place = toUuid(row.place) as PlaceId
    const person = people.get(row.person) ?? null
    store.keys.keep({ ...keyOf(row, nowMs), kind: 'organisation', place, person })
  }
  const [configuration] = [...db.rows(CONFIGURATION)]
  for (const row of db.rows(CREATION_KEY)) {
    store.keys.keep({ ...keyOf(row, nowMs), kind: 'creation', place: null, person: null })
    if (row.id !== configuration?.placeCreationKey || row.isRevoked) continue
    // It was given already: v1 gives no second one.
    store.marks.set(CREATION_MARK, row.prefix)
    store.keys.markUsed(row.prefix, nowMs)
  }
}

type KeyRow = Pick<V1PlaceKey, 'prefix' | 'hash' | 'name' | 'created' | 'expiry' | 'isRevoked'>

function keyOf(
  { prefix, hash, name, created, expiry, isRevoked }: KeyRow,
  nowMs: number,
): Omit<V1Key, 'kind' | 'place' | 'person'> {
  return {
    ...{ prefix, hash, name, createdMs: toMilliseconds(created) },
    expiresMs: expiry === undefined ? null : toMilliseconds(expiry),
    revokedMs: isRevoked ? nowMs : null,
  }
}

function toMilliseconds(moment: string): number {
  return Math.floor(toMicroseconds(moment) / 1_000)
}

/** Tills and Lespass find an account again by the name that v1 gave it. */
export function fillTokens(db: V1Database, { tokens }: V1Store): void {
  for (const { id, wallet, asset } of db.rows(ACCOUNT)) {
    tokens.give(toUuid(wallet) as WalletId, toUuid(asset) as AssetId, toUuid(id))
  }
}

export function fillCheckouts(db: V1Database, { store, people }: Filling): void {
  for (const { id, at, asset, person, status, ...of } of db.rows(CHECKOUT)) {
    store.checkouts.add({
      id: toUuid(id),
      timeUs: toMicroseconds(at),
      status: status as V1CheckoutStatus,
      asset: toUuid(asset) as AssetId,
      person: people.get(person ?? '') ?? null,
      // v1 takes an empty text for none.
      stripeId: of.stripeId || null,
      intent: of.intent || null,
      invoice: of.invoice || null,
      metadata: of.metadata,
    })
  }
}

/** What v1 said of its lines, memberships, assets and federations, and which rewards it has given. */
import { setImmediate } from 'node:timers/promises'
import type { AssetId, FederationId, Hex32, LineId, PlaceId, WalletId } from '@fedow/ledger'
import { isMap, JsonError, parseJson } from '../codec/json.ts'
import { onceKeys, stripeKeys } from '../routes/reward-keys.ts'
import type { V1Store } from '../store/v1-store.ts'
import { v1Hash } from './hash.ts'
import { ACCOUNT, ASSET, FEDERATION, toMicroseconds, toUuid, type V1Line } from './rows.ts'
import type { V1Database, V1LineAmongOthers } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

export interface PastFillMeans {
  readonly store: V1Store
  readonly world: V1World
  readonly stop?: AbortSignal | undefined
  readonly onLine?: (() => void) | undefined
}

/** Lines between two looks at the rest of the process. */
const SLICE = 2_000

export async function fillPast(db: V1Database, means: PastFillMeans): Promise<void> {
  const { store, world, stop, onLine } = means
  let done = 0
  for (const among of db.lines()) {
    fillLine(store, among)
    noteReward(among.line, { store, world })
    onLine?.()
    done += 1
    if (done % SLICE !== 0) continue
    await setImmediate()
    stop?.throwIfAborted()
  }
  fillMemberships(db, means)
  for (const { id, updatedAt } of db.rows(ASSET)) {
    store.past.addAsset(toUuid(id) as AssetId, toMicroseconds(updatedAt))
  }
  for (const { id, description } of db.rows(FEDERATION)) {
    if (description) store.past.addFederation(toUuid(id) as FederationId, description)
  }
}

function fillLine({ past }: V1Store, among: V1LineAmongOthers): void {
  const { line } = among
  past.addLine({
    id: toUuid(line.id) as LineId,
    hash: line.hash as Hex32,
    isRight: isRight(among),
    checkedUs: toTime(line.checkedAt),
    comment: line.comment ?? null,
    metadata: line.metadata ?? null,
    checkout: line.checkout === undefined ? null : toUuid(line.checkout),
    subscriptionType: line.subscriptionType,
    subscriptionFirstUs: toTime(line.subscriptionFirst),
    subscriptionStartUs: toTime(line.subscriptionStart),
  })
}

/** As v1 answers `verify_hash`: of a first line it never looks. */
function isRight({ line, previous, checkout }: V1LineAmongOthers): boolean {
  if (line.action === 'FST') return true
  if (previous === undefined) return false
  try {
    return v1Hash(line, { previousHash: previous.hash, stripeId: checkout?.stripeId }) === line.hash
  } catch (cause) {
    if (cause instanceof JsonError) return false
    throw cause
  }
}

function toTime(moment: string | undefined): number | null {
  return moment === undefined ? null : toMicroseconds(moment)
}

/** A reward of Lespass has no card, and the keys of its order in the metadata. */
function noteReward(
  { id, action, from, card, primary, metadata }: V1Line,
  { store, world }: Pick<PastFillMeans, 'store' | 'world'>,
): void {
  const place = world.placeOf.get(from)?.id
  const isReward = action === 'REF' && card === undefined && primary === undefined
  if (!isReward || place === undefined || !metadata?.startsWith('{')) return
  const read = readObject(metadata)
  if (read === undefined) return
  for (const key of [...onceKeys(read), ...stripeKeys(read)]) {
    const named = { place: toUuid(place) as PlaceId, ...key }
    store.rewards.keepLine(named, toUuid(id) as LineId)
  }
}

function readObject(text: string) {
  try {
    const read = parseJson(text)
    return isMap(read) ? read : undefined
  } catch (cause) {
    if (cause instanceof JsonError) return undefined
    throw cause
  }
}

function fillMemberships(db: V1Database, { store, world }: PastFillMeans): void {
  for (const { wallet, asset, value } of db.rows(ACCOUNT)) {
    if (world.assets.get(asset)?.category !== 'SUB' || value <= 0n) continue
    store.past.addMembership(toUuid(wallet) as WalletId, toUuid(asset) as AssetId, value)
  }
}

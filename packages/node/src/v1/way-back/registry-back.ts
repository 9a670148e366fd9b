/** Wallets, people, places, assets, federations, cards, accounts and keys as they stand, written into a v1 database. */
import {
  type Asset,
  type AssetId,
  type CardId,
  deriveId,
  type FederationId,
  type Id,
  ownWalletOf,
  type PlaceId,
  params,
  type RecordKind,
  type RecordOf,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { CardDirectory } from '../../store/card-directory.ts'
import { sha256 } from '../../store/hash.ts'
import { isV1Kind } from '../objects/labels.ts'
import { newV1Id, toV1Id, toV1Moment, type V1File } from '../store/v1-file.ts'
import type { V1Store } from '../store/v1-store.ts'

export interface BackMeans {
  readonly file: V1File
  readonly book: BookReader
  readonly store: V1Store
  readonly directory: CardDirectory
}

/** Kinds of wallets that v1 gets beside its primary one: funds and pools stand in lines that it sees. */
const V1_WALLETS = ['place', 'person', 'card', 'fund', 'pool']
const PAGE = 1_000
const NO_IP = '127.0.0.1'

/** How many rows were added. */
export interface RegistryBack {
  wallets: number
  people: number
  places: number
  assets: number
  cards: number
  keys: number
}

export function writeRegistry(means: BackMeans): RegistryBack {
  const added = { wallets: 0, people: 0, places: 0, assets: 0, cards: 0, keys: 0 }
  writeWallets(means, added)
  writePlaces(means, added)
  writeAssets(means, added)
  writeFederations(means)
  writeCards(means, added)
  writeKeys(means, added)
  return added
}

function writeWallets({ file, book, store }: BackMeans, added: RegistryBack): void {
  for (const { id, record } of recordsOf(book, 'wallet')) {
    if (!V1_WALLETS.includes(record.kind)) continue
    const person = store.people.byWallet(id as WalletId)
    const uuid = toV1Id(id)
    if (!file.has('wallet', uuid)) {
      file.insert('wallet', { uuid, ip: NO_IP, public_pem: person?.pem ?? null })
      added.wallets += 1
    } else if (person !== undefined) {
      file.update('wallet', { uuid }, { public_pem: person.pem })
    }
    if (person === undefined || userOf(file, uuid) !== undefined) continue
    file.insert('fedowuser', {
      ...{ uuid: newV1Id(), email: person.email, username: person.email, wallet_id: uuid },
      ...{ password: '', is_superuser: 0, first_name: '', last_name: '', is_staff: 0 },
      ...{ is_active: 1, date_joined: toV1Moment(Date.now() * 1_000) },
    })
    added.people += 1
  }
}

/** The person of a wallet, by v1's id. */
function userOf(file: V1File, wallet: string): string | undefined {
  const sql = 'SELECT uuid FROM fedow_core_fedowuser WHERE wallet_id = ?'
  return file.one(sql, wallet)?.['uuid'] as string | undefined
}

function writePlaces({ file, book, store }: BackMeans, added: RegistryBack): void {
  file.clear('place_admins')
  for (const { id, record } of recordsOf(book, 'place')) {
    const uuid = toV1Id(id)
    const { lespassDomain, laboutikPem, laboutikUrl, laboutikIp, dokosId, admins } =
      store.places.get(id as PlaceId)
    const facts = {
      ...{ lespass_domain: lespassDomain, cashless_rsa_pub_key: laboutikPem },
      ...{ cashless_server_url: laboutikUrl, cashless_server_ip: laboutikIp, dokos_id: dokosId },
    }
    if (file.update('place', { uuid }, facts) === 0) {
      const wallet_id = toV1Id(record.wallet)
      const rest = { stripe_connect_valid: 0, logo: '' }
      file.insert('place', { uuid, name: record.name, wallet_id, ...rest, ...facts })
      added.places += 1
    }
    for (const wallet of admins) {
      const user = userOf(file, toV1Id(wallet))
      if (user !== undefined) file.insert('place_admins', { place_id: uuid, fedowuser_id: user })
    }
  }
}

function writeAssets({ file, book }: BackMeans, added: RegistryBack): void {
  for (const { id, record } of recordsOf(book, 'asset')) {
    if (!isV1Kind(record.kind)) continue
    const uuid = toV1Id(id)
    const archive = record.archived ? 1 : 0
    if (file.update('asset', { uuid }, { archive }) > 0) continue
    file.insert('asset', { uuid, archive, ...assetRow(book, record) })
    added.assets += 1
  }
}

function assetRow(book: BookReader, { kind, name, code, createdUs, issuer }: Asset) {
  const place = issuer && book.state.get('place', issuer)
  const at = toV1Moment(createdUs)
  return {
    ...{ name, currency_code: code, category: kind, created_at: at, last_update: at, img: '' },
    wallet_origin_id: toV1Id(place?.wallet ?? params(book.state).keeper),
  }
}

function writeFederations({ file, book }: BackMeans): void {
  file.clear('federation_places')
  file.clear('federation_assets')
  for (const { id, record } of recordsOf(book, 'federation')) {
    const uuid = toV1Id(id as FederationId)
    const { name, places, assets } = record
    // v1 has each name once.
    const isTaken = file.one('SELECT 1 FROM fedow_core_federation WHERE name = ?', name)
    if (!file.has('federation', uuid)) {
      file.insert('federation', { uuid, name: isTaken ? `${name} ${uuid.slice(0, 8)}` : name })
    }
    for (const place of places) {
      file.insert('federation_places', { federation_id: uuid, place_id: toV1Id(place) })
    }
    for (const asset of assets) {
      if (!isV1Kind(book.state.get('asset', asset)?.kind)) continue
      file.insert('federation_assets', { federation_id: uuid, asset_id: toV1Id(asset) })
    }
  }
}

function writeCards({ file, book, directory }: BackMeans, added: RegistryBack): void {
  file.clear('card_primary_places')
  for (const { id, record } of recordsOf(book, 'card')) {
    const uuid = toV1Id(id)
    const links = linksOf({ file, book }, id as CardId, record)
    if (file.update('card', { uuid }, links) === 0) {
      const entry = directory.byCard(id as CardId)
      // An erased card has no number left by which v1 could know it.
      if (entry === undefined) continue
      file.insert('card', {
        ...{ uuid, first_tag_id: entry.tag.slice(0, 8), qrcode_uuid: toV1Id(entry.qr) },
        ...{ number_printed: entry.number, origin_id: originOf(file, entry), ...links },
      })
      added.cards += 1
    }
    for (const place of record.primary) {
      file.insert('card_primary_places', { card_id: uuid, place_id: toV1Id(place) })
    }
  }
}

function linksOf(
  { file, book }: Pick<BackMeans, 'file' | 'book'>,
  id: CardId,
  record: RecordOf<'card'>,
): { readonly user_id: string | null; readonly wallet_ephemere_id: string | null } {
  const user = record.person && userOf(file, toV1Id(record.person))
  if (user !== undefined) return { user_id: user, wallet_ephemere_id: null }
  const own = ownWalletOf(sha256, id, record)
  const isThere = record.status === 'live' && book.state.get('wallet', own) !== undefined
  return { user_id: null, wallet_ephemere_id: isThere ? toV1Id(own) : null }
}

function originOf(
  file: V1File,
  { place, generation }: { readonly place: PlaceId; readonly generation: number },
): number {
  const origin = { place_id: toV1Id(place), generation }
  const sql = 'SELECT id FROM fedow_core_origin WHERE place_id = ? AND generation = ?'
  const find = () => file.one(sql, origin.place_id, generation)?.['id'] as number | undefined
  if (find() === undefined) file.insert('origin', origin)
  return find() ?? 0
}

function writeKeys({ file, book, store }: BackMeans, added: RegistryBack): void {
  for (const { id } of recordsOf(book, 'place')) {
    for (const key of store.keys.ofPlace(id as PlaceId)) {
      const { prefix, hash, kind, name, person, createdMs, expiresMs, revokedMs } = key
      const revoked = revokedMs === null ? 0 : 1
      if (file.update('organizationapikey', { prefix }, { revoked }) > 0) continue
      const user = person === null ? undefined : userOf(file, toV1Id(person))
      if (kind !== 'organisation' || user === undefined) continue
      file.insert('organizationapikey', {
        ...{ id: `${prefix}.${hash}`, prefix, hashed_key: hash, name: name.slice(0, 50), revoked },
        ...{ created: toV1Moment(createdMs * 1_000), place_id: toV1Id(id), user_id: user },
        expiry_date: expiresMs === null ? null : toV1Moment(expiresMs * 1_000),
      })
      added.keys += 1
    }
  }
}

/** What every account holds. Answers how many had another value. */
export function writeAccounts({ file, book, store }: BackMeans): number {
  let changed = 0
  const { fed, keeper } = params(book.state)
  for (const { id, record } of recordsOf(book, 'wallet')) {
    const wallet = id as WalletId
    const assets = wallet === keeper ? [fed] : V1_WALLETS.includes(record.kind) ? record.assets : []
    for (const asset of assets) {
      if (!isV1Kind(book.state.get('asset', asset)?.kind)) continue
      const name = { wallet_id: toV1Id(wallet), asset_id: toV1Id(asset) }
      const value = valueIn(book, wallet, asset)
      const before = file.one(
        'SELECT value FROM fedow_core_token WHERE wallet_id = ? AND asset_id = ?',
        ...Object.values(name),
      )
      if (before?.['value'] === value) continue
      changed += 1
      if (before !== undefined) file.update('token', name, { value })
      else file.insert('token', { uuid: toV1Id(tokenOf(store, wallet, asset)), value, ...name })
    }
  }
  return changed
}

function valueIn({ state }: BookReader, wallet: WalletId, asset: AssetId): number {
  const id = `${wallet}/${asset}`
  const isMembership = state.get('asset', asset)?.kind === 'SUB'
  const value = isMembership
    ? state.get('subscription', id)?.total
    : state.get('account', id)?.balance
  return Number(value ?? 0n)
}

function tokenOf(store: V1Store, wallet: WalletId, asset: AssetId): string {
  const given = store.tokens.idOf(wallet, asset)
  return given ?? deriveId<Id<'account'>>(sha256, 'account', wallet, asset)
}

function* recordsOf<K extends RecordKind>(
  book: BookReader,
  kind: K,
): IterableIterator<{ readonly id: string; readonly record: RecordOf<K> }> {
  let after: string | undefined
  for (;;) {
    const page = book.records(kind, { after, limit: PAGE })
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)?.id
  }
}

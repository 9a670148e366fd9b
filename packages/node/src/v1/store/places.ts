import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, type PlaceId, toUuidBytes, type WalletId } from '@fedow/ledger'

/** What v1 knows of a place beside what the book does. */
export interface V1Place {
  readonly place: PlaceId
  /** Host name without scheme. */
  readonly lespassDomain: string | null
  /** The public key of its till; from then on the till signs what it asks. */
  readonly laboutikPem: string | null
  readonly laboutikUrl: string | null
  readonly laboutikIp: string | null
  readonly dokosId: string | null
  /** Wallets of the people who administer it. */
  readonly admins: readonly WalletId[]
}

type Row = NonNullable<ReturnType<StatementSync['get']>>

/** All of them stay in memory: every signed request asks for one. */
export class V1Places {
  readonly #places = new Map<PlaceId, V1Place>()
  readonly #put: StatementSync
  readonly #addAdmin: StatementSync

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      `INSERT INTO place (id, lespass_domain, laboutik_pem, laboutik_url, laboutik_ip, dokos_id)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET lespass_domain = ?2,
         laboutik_pem = ?3, laboutik_url = ?4, laboutik_ip = ?5, dokos_id = ?6`,
    )
    this.#addAdmin = db.prepare('INSERT OR IGNORE INTO place_admin (place, wallet) VALUES (?, ?)')
    for (const row of db.prepare('SELECT * FROM place').all()) this.#keep(fromRow(row))
    for (const { place, wallet } of db.prepare('SELECT place, wallet FROM place_admin').all()) {
      const of = this.get(fromUuidBytes(place as Uint8Array) as PlaceId)
      this.#keep({ ...of, admins: [...of.admins, fromUuidBytes(wallet as Uint8Array) as WalletId] })
    }
  }

  /** All null for a place that v1 has not heard of. */
  get(place: PlaceId): V1Place {
    return this.#places.get(place) ?? { ...UNKNOWN, place }
  }

  /** Changes what is given, and leaves the rest. */
  put(place: PlaceId, change: Partial<Omit<V1Place, 'place' | 'admins'>>): void {
    const { admins, ...facts } = { ...this.get(place), ...change }
    const { lespassDomain, laboutikPem, laboutikUrl, laboutikIp, dokosId } = facts
    const key = toUuidBytes(place)
    this.#put.run(key, lespassDomain, laboutikPem, laboutikUrl, laboutikIp, dokosId)
    this.#keep({ ...facts, admins })
  }

  addAdmin(place: PlaceId, wallet: WalletId): void {
    const of = this.get(place)
    if (of.admins.includes(wallet)) return
    this.#addAdmin.run(toUuidBytes(place), toUuidBytes(wallet))
    this.#keep({ ...of, admins: [...of.admins, wallet] })
  }

  #keep(place: V1Place): void {
    this.#places.set(place.place, place)
  }
}

const UNKNOWN: Omit<V1Place, 'place'> = {
  lespassDomain: null,
  laboutikPem: null,
  laboutikUrl: null,
  laboutikIp: null,
  dokosId: null,
  admins: [],
}

function fromRow(row: Row): V1Place {
  const text = (name: string) => row[name] as string | null
  return {
    place: fromUuidBytes(row['id'] as Uint8Array) as PlaceId,
    lespassDomain: text('lespass_domain'),
    laboutikPem: text('laboutik_pem'),
    laboutikUrl: text('laboutik_url'),
    laboutikIp: text('laboutik_ip'),
    dokosId: text('dokos_id'),
    admins: [],
  }
}

/**
 * A database of v1, brought over into a folder that a server runs on; and what v1 itself would answer, read from its
 * tables by queries that share nothing with the import.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { PlaceId, WalletId } from '@fedow/ledger'
import type { FernetKey } from '../src/v1/import/fernet.ts'
import { importV1 } from '../src/v1/import/import-v1.ts'
import { reviewV1 } from '../src/v1/import/review-v1.ts'
import type { V1Means } from '../src/v1/means.ts'
import { startServer, type TestServer, type V1Wishes } from './http-server.ts'
import { TestNetwork } from './test-network.ts'
import { LaBoutik, Lespass, type RsaKey, type V1TestPerson } from './v1-clients.ts'
import { ask, bare, type V1FileName, V1Folder } from './v1-file.ts'
import { makeV1Database, type V1Order } from './v1-maker.ts'
import { V1World } from './v1-world.ts'

export interface ImportWishes {
  readonly file: V1FileName
  /** A database made in its place. */
  readonly make?: Omit<V1Order, 'path'>
  /** Alters the database before it is brought over. */
  readonly sql?: string
  readonly fernetKey?: FernetKey
  /** How the server on it has its payments. */
  readonly payments?: V1Wishes['payments']
}

/** A place of v1 as the database has it. */
export interface OldPlace {
  readonly name: string
  readonly place: PlaceId
  readonly wallet: WalletId
}

/** Brings a copy of a database over, and starts a server on what came of it. */
export async function startImported(wishes: ImportWishes): Promise<ImportedV1> {
  const source = new V1Folder(wishes.file)
  if (wishes.make !== undefined) makeV1Database({ ...wishes.make, path: source.path })
  if (wishes.sql !== undefined) source.alter(wishes.sql)
  const folder = join(source.folder, 'data')
  const { fernetKey } = wishes
  const report = await reviewV1(source.path, { nowMs: Date.now(), fernetKey })
  const reserve = { accounts: [] }
  await importV1(source.path, { folder, report, reserve, nowMs: Date.now(), fernetKey })
  const network = new TestNetwork(undefined, folder)
  return new ImportedV1(
    source,
    await startServer(undefined, {
      network,
      ...(wishes.payments && { payments: wishes.payments }),
    }),
  )
}

export class ImportedV1 implements AsyncDisposable {
  readonly source: V1Folder
  readonly server: TestServer
  readonly world: V1World

  constructor(source: V1Folder, server: TestServer) {
    this.source = source
    this.server = server
    this.world = new V1World(server)
  }

  get means(): V1Means {
    return this.server.v1.means
  }

  get folder(): string {
    return this.server.network.folder
  }

  /** What the database says, all integers exact, UUIDs with hyphens where a column is named so. */
  ask(sql: string): readonly Record<string, unknown>[] {
    return ask(this.source.path, sql)
  }

  places(): readonly OldPlace[] {
    return this.ask('SELECT name, uuid, wallet_id FROM fedow_core_place ORDER BY name').map(
      ({ name, uuid, wallet_id }) => ({
        name: String(name),
        place: hyphened(uuid) as PlaceId,
        wallet: hyphened(wallet_id) as WalletId,
      }),
    )
  }

  till({ place, wallet }: OldPlace, of: { readonly apiKey: string; readonly rsa: RsaKey }) {
    return new LaBoutik({ origin: this.server.origin, place, wallet, ...of })
  }

  lespass(apiKey: string): Lespass {
    return new Lespass({ origin: this.server.origin, apiKey })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
    this.source[Symbol.dispose]()
  }
}

/** Makes a key of the database open with a text that the test knows. */
export function keySql(prefix: string, text: string, stored = sha512Of(text)): string {
  const now = text.slice(0, 8)
  return `UPDATE fedow_core_organizationapikey
    SET id = '${now}.' || prefix, prefix = '${now}', hashed_key = '${stored}' WHERE prefix = '${prefix}';`
}

export function sha512Of(text: string): string {
  return `sha512$$${createHash('sha512').update(text).digest('hex')}`
}

/** Gives the till of a place a key that the test has. */
export function tillSql(place: string, { pem }: RsaKey): string {
  return `UPDATE fedow_core_place SET cashless_rsa_pub_key = '${pem.trim()}' WHERE uuid = '${bare(place)}';`
}

/** Gives a person a key that the test has. */
export function personSql({ wallet, rsa }: V1TestPerson): string {
  return `UPDATE fedow_core_wallet SET public_pem = '${rsa.pem}' WHERE uuid = '${bare(wallet)}';`
}

/** 32 digits as a UUID. */
export function hyphened(cell: unknown): string {
  return String(cell).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** A stored moment as v1 answers it. */
export function answeredMoment(cell: unknown): string | null {
  return cell === null ? null : `${String(cell).replace(' ', 'T')}Z`
}

/**
 * The v1 wire: today's tills and Lespass connect as they are. This folder, one optional part of the server and one
 * file in the data folder are all of it.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Engine } from '../engine/engine.ts'
import type { ProductSource } from '../store/figures-worker.ts'
import { Dashboard } from './dashboard/dashboard.ts'
import type { V1Means } from './means.ts'
import { MembershipNotices } from './membership-notice.ts'
import { V1Objects } from './objects/objects.ts'
import { type ConnectOrder, connectPlace } from './place-opening.ts'
import { V1_ROUTES } from './routes/index.ts'
import { hearKept } from './routes/stripe-webhook.ts'
import { registerV1 } from './server.ts'
import { settleCardBatches } from './store/card-batches.ts'
import { V1Intake } from './store/intake.ts'
import { PRIMARY_KEY_FILE, PrimaryKey } from './store/primary-key.ts'
import { openV1Store, V1_FILE, type V1Store } from './store/v1-store.ts'

export interface V1Parts
  extends Pick<V1Means, 'book' | 'directory' | 'gateway' | 'node' | 'hash' | 'now' | 'payments'> {
  /** The data folder. */
  readonly folder: string
  readonly store: V1Store
  readonly engine: Pick<Engine, 'blocks'>
  /** The public host name, with its port where there is one. */
  readonly domain: string
  /** How long from now on the first caller may do the root handshake; 0: not at all. */
  readonly handshakeMs: number
  readonly isDebug: boolean
  /** Something in this node itself failed, such as its disk. */
  readonly onFault: (cause: unknown) => void
}

/** Where it stands what gifts and rewards of Lespass were for. */
export function productsOf(folder: string): ProductSource {
  const module = new URL('./store/products.ts', import.meta.url).href
  return { module, path: join(folder, V1_FILE) }
}

/** Opens what only the v1 wire keeps. */
export function openV1(folder: string): V1Store {
  return openV1Store(join(folder, V1_FILE))
}

export class V1Wire implements AsyncDisposable {
  readonly means: V1Means
  readonly dashboard: Dashboard
  readonly #notices: MembershipNotices

  constructor({ folder, engine, domain, handshakeMs, isDebug, onFault, ...parts }: V1Parts) {
    const { store, book, directory, hash, now } = parts
    const primaryKey = new PrimaryKey(join(folder, 'keys', PRIMARY_KEY_FILE))
    const handshakeUntilMs = handshakeMs === 0 ? undefined : now() + handshakeMs
    this.means = {
      ...parts,
      intake: new V1Intake(store, onFault),
      objects: new V1Objects({ book, directory, store, hash, domain }),
      settings: { domain, handshakeUntilMs, isDebug },
      random: (count) => randomBytes(count),
      publicPem: () => primaryKey.publicPem(),
    }
    settleCardBatches(book, directory)
    this.dashboard = new Dashboard({ book, hash, now, onFault })
    this.#notices = new MembershipNotices({ book, engine, store, now, onFault })
  }

  /** Adds the routes to a server. */
  register(app: FastifyInstance): void {
    registerV1(app, this.means, V1_ROUTES)
  }

  /** The text that connects the till of a place. */
  connect(order: ConnectOrder): Promise<string> {
    return connectPlace(this.means, order)
  }

  /** Goes on with the notices that the last run left, and with events of payments that nobody told. */
  begin(): void {
    this.#notices.begin()
    this.means.payments.missed.begin((event) => hearKept(this.means, event))
  }

  /** The store stays open: it belongs to the caller. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.means.payments.missed[Symbol.asyncDispose]()
    this.dashboard[Symbol.dispose]()
    this.means.intake[Symbol.dispose]()
    await this.#notices[Symbol.asyncDispose]()
  }
}

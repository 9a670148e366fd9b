/**
 * A node that serves v1, and a small world to try it on. What a test is not about is made through the store and the
 * ledger, so that a test of one route needs no other; `handshake` goes the way that clients go.
 *
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  type Action,
  type Amount,
  type AssetId,
  type AssetKind,
  type BatchId,
  type CardId,
  type Line,
  type PlaceId,
  type TxId,
  type WalletId,
  walletOf,
} from '@fedow/ledger'
import { planCardImport } from '../src/people/card-import.ts'
import { sha256 } from '../src/store/hash.ts'
import type { V1Means } from '../src/v1/means.ts'
import { connectPlace } from '../src/v1/place-opening.ts'
import { makeCardFile } from './card-file-maker.ts'
import { startServer, type TestServer, type V1Wishes } from './http-server.ts'
import { newId } from './test-network.ts'
import {
  handshakeRequest,
  LaBoutik,
  Lespass,
  RsaKey,
  sendTo,
  type V1Response,
  type V1Sendable,
  type V1TestPerson,
} from './v1-clients.ts'

export interface TestPlace {
  readonly name: string
  readonly place: PlaceId
  readonly wallet: WalletId
}

export interface TestCard {
  readonly card: CardId
  /** Of 8 digits, upper case. */
  readonly tag: string
  readonly number: string
  readonly qr: string
}

/** Making a key takes a tenth of a second: tests of one process share some. */
const pool = Array.from({ length: 6 }, (): { key?: RsaKey } => ({}))

export function rsaKey(index: number): RsaKey {
  const slot = pool[index % pool.length] ?? {}
  slot.key ??= new RsaKey()
  return slot.key
}

export async function startV1(wishes: V1Wishes = {}): Promise<V1World> {
  return new V1World(await startServer(undefined, wishes))
}

export class V1World implements AsyncDisposable {
  readonly server: TestServer
  #count = 0

  constructor(server: TestServer) {
    this.server = server
  }

  get origin(): string {
    return this.server.origin
  }

  get means(): V1Means {
    return this.server.v1.means
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
  }

  send(request: V1Sendable): Promise<V1Response> {
    return sendTo(this.origin, request)
  }

  /** A request of nobody in particular. */
  ask(method: string, path: string, headers: Record<string, string> = {}): Promise<V1Response> {
    return this.send({ method, path, headers })
  }

  /** Makes one tx of the node, which must be applied. */
  async submit(...actions: readonly Action[]): Promise<readonly Line[]> {
    const submission = await this.means.gateway.submitOwn(actions, randomUUID() as string as TxId)
    if (submission.status !== 'decided' || submission.outcome.status !== 'applied') {
      throw new Error(`not applied: ${JSON.stringify(submission, toText)}`)
    }
    return submission.outcome.lines
  }

  async openPlace(name = `Bar ${++this.#count}`): Promise<TestPlace> {
    const [place, wallet] = [newId<PlaceId>(), newId<WalletId>()]
    await this.submit({ kind: 'place-open', place, wallet, name, node: this.means.node })
    return { name, place, wallet }
  }

  /** A till that is linked to its place already. */
  till({ place, wallet }: TestPlace, rsa = rsaKey(0)): LaBoutik {
    const { store, random } = this.means
    const of = { kind: 'organisation', name: 'till', place, person: null } as const
    const apiKey = store.keys.issue({ ...of, nowMs: Date.now() }, random)
    store.places.put(place, { laboutikPem: rsa.pem.trim(), laboutikUrl: 'https://till.example/' })
    return new LaBoutik({ origin: this.origin, place, wallet, apiKey, rsa })
  }

  /** Links the till of a place as clients do: connection string, form, new key. */
  async handshake({ place, wallet }: TestPlace, rsa = rsaKey(0)): Promise<LaBoutik> {
    const text = await connectPlace(this.means, { place, id: newId<TxId>() })
    const { temp_key: tempKey } = JSON.parse(String(Buffer.from(text, 'base64url')))
    const response = await this.send(handshakeRequest({ tempKey, place, rsa }))
    if (response.status !== 202) throw new Error(`${response.status} ${response.text}`)
    const { place_admin_apikey: apiKey } = JSON.parse(
      String(Buffer.from(response.json, 'base64url')),
    )
    return new LaBoutik({ origin: this.origin, place, wallet, apiKey, rsa })
  }

  /** Lespass of a place; with a domain, as a place that it has opened. */
  lespass(
    { place }: TestPlace,
    { domain = 'lespass.example.org', admin }: { domain?: string | null; admin?: WalletId } = {},
  ): Lespass {
    const { store, random } = this.means
    const of = { kind: 'organisation', name: 'lespass', place, person: admin ?? null } as const
    const apiKey = store.keys.issue({ ...of, nowMs: Date.now() }, random)
    store.places.put(place, { lespassDomain: domain })
    if (admin !== undefined) store.places.addAdmin(place, admin)
    return new Lespass({ origin: this.origin, apiKey })
  }

  /** Somebody with a wallet and a key. */
  async person(
    email = `person${++this.#count}@example.org`,
    rsa = rsaKey(1 + (this.#count % 5)),
  ): Promise<V1TestPerson & { readonly wallet: WalletId }> {
    const wallet = newId<WalletId>()
    await this.submit({ kind: 'wallet-open', wallet, node: this.means.node })
    this.means.store.people.add({ wallet, email, pem: rsa.pem.trim() })
    return { email, rsa, wallet }
  }

  /** Local money, unless another kind is asked for. */
  async asset(
    { place }: TestPlace,
    of: {
      readonly kind?: Exclude<AssetKind, 'FED' | 'LIB'>
      readonly name?: string
      readonly code?: string
    } = {},
  ): Promise<AssetId> {
    const asset = newId<AssetId>()
    const { kind: assetKind = 'TLF', name = `Money ${++this.#count}`, code = 'MON' } = of
    await this.submit({ kind: 'asset-create', asset, place, assetKind, name, code })
    return asset
  }

  /** New cards of a place: nobody's, empty. */
  async cards({ place }: TestPlace, count = 1): Promise<readonly TestCard[]> {
    const { directory } = this.server
    const seed = randomBytes(3).readUIntBE(0, 3)
    const bytes = makeCardFile({ seed, count, tagBytes: 4 })
    const about = { place, generation: 1, level: 'L0' } as const
    const { rows } = planCardImport({ ...about, bytes, directory, skipFaulty: false })
    const batch = newId<BatchId>()
    const cards = rows.map(({ tag, number, qr }) => ({ card: newId<CardId>(), tag, number, qr }))
    const kept = cards.map((card) => ({ ...card, salt: randomBytes(16), leaf: randomBytes(32) }))
    const whole = { root: randomBytes(32).toString('hex') as never, count }
    directory.beginBatch({ batch, ...about, createdMs: Date.now() })
    directory.addCards(batch, 0, kept)
    directory.endBatch(batch, whole)
    const ids = cards.map(({ card }) => card)
    await this.submit({ kind: 'cards-register', batch, ...about, ...whole, offset: 0, cards: ids })
    directory.markRegistered(batch)
    return cards
  }

  /** Makes cards open the till of a place. */
  async makePrimary({ place }: TestPlace, { card }: TestCard): Promise<void> {
    await this.submit({ kind: 'card-primary', place, cards: [card], primary: true })
  }

  async refill(asset: AssetId, { card }: TestCard, amount: number | bigint): Promise<Line> {
    const lines = await this.submit({
      kind: 'refill',
      asset,
      to: { card },
      amount: BigInt(amount) as Amount,
    })
    const line = lines.at(-1)
    if (line === undefined) throw new Error('a refill has lines')
    return line
  }

  /** A person takes a card as theirs. */
  async link({ card }: TestCard, { wallet }: { readonly wallet: WalletId }): Promise<void> {
    await this.submit({ kind: 'card-link', card, wallet })
  }

  /** The wallet that a card pays from now. */
  walletOf({ card }: TestCard): WalletId {
    const record = this.means.book.state.get('card', card)
    if (record === undefined) throw new Error(`the book has no card ${card}`)
    return walletOf(sha256, card, record)
  }

  /** In minor units. */
  balance(wallet: WalletId, asset: AssetId): bigint {
    return this.means.book.state.get('account', `${wallet}/${asset}`)?.balance ?? 0n
  }
}

function toText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}

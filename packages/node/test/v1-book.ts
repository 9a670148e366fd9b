/** A book with places, cards and people, and v1's view of it, without any door: for tests of objects and readings. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  type Action,
  type Amount,
  type AssetId,
  type AssetKind,
  type BatchId,
  type CardId,
  cardWalletId,
  type FederationId,
  type Hex32,
  issuanceWalletId,
  type Line,
  merkleRoot,
  type PlaceId,
  type TxId,
  toHex,
  type WalletId,
} from '@fedow/ledger'
import { SoloEngine } from '../src/engine/solo/solo-engine.ts'
import { Book } from '../src/store/book.ts'
import type { StoredTx } from '../src/store/book-reader.ts'
import { CardDirectory } from '../src/store/card-directory.ts'
import { cardLeaf } from '../src/store/card-entry.ts'
import { sha256 } from '../src/store/hash.ts'
import type { SigningKey } from '../src/store/key-file.ts'
import { openPeopleDb } from '../src/store/people-db.ts'
import { type Json, printWire } from '../src/v1/codec/json.ts'
import { V1Objects } from '../src/v1/objects/objects.ts'
import { V1Refusal } from '../src/v1/refusal.ts'
import type { V1Answer, V1Route } from '../src/v1/route.ts'
import { openV1Store, V1_FILE } from '../src/v1/store/v1-store.ts'
import { newId, TestNetwork } from './test-network.ts'

export interface TestPlace {
  readonly place: PlaceId
  readonly wallet: WalletId
}

export interface TestCard {
  readonly card: CardId
  readonly tag: string
  readonly number: string
  readonly qr: string
}

export interface Sent {
  readonly id?: TxId
  readonly key?: SigningKey
  /** What v1 received, when it came through there. */
  readonly request?: { readonly route: string; readonly body: string }
}

const DOMAIN = 'fedow.example.org'

/** A digit string that no other has had. */
let digits = 0x10000000

export class V1Book implements AsyncDisposable {
  readonly network = new TestNetwork()
  readonly #people = openPeopleDb(join(this.network.folder, 'people.db'))
  readonly directory = new CardDirectory(this.#people)
  readonly store = openV1Store(join(this.network.folder, V1_FILE))
  readonly book = new Book({
    folder: this.network.folder,
    genesis: this.network.genesis,
    isNew: true,
    synchronous: 'OFF',
  })
  readonly #engine = new SoloEngine({
    book: this.book,
    checkpointKey: this.network.keys.checkpoint,
    onFatal: (cause) => {
      throw cause
    },
  })
  objects = this.freshObjects()

  get fed(): AssetId {
    return this.network.genesis.genesis.fed.id
  }

  get keeper(): WalletId {
    return this.network.genesis.genesis.wallet
  }

  /** Objects that remember nothing. */
  freshObjects(): V1Objects {
    const { directory, store } = this
    return new V1Objects({ book: this.book.reader, directory, store, hash: sha256, domain: DOMAIN })
  }

  async send(
    actions: readonly Action[],
    { id = newId(), key, request }: Sent = {},
  ): Promise<StoredTx> {
    if (request) this.store.requests.add({ id, ...request, timeMs: Date.now() })
    const submission = await this.#engine.submit(
      this.network.sign(actions, { id, ...(key && { key }) }),
    )
    if (submission.status !== 'decided') throw new Error(JSON.stringify(submission))
    const { outcome } = submission
    if (outcome.status === 'rejected') throw new Error(outcome.rejection.code)
    const stored = this.book.reader.tx(id)
    if (stored === undefined) throw new Error('the book has what it decided')
    return stored
  }

  async openPlace(name: string): Promise<TestPlace> {
    const at: TestPlace = { place: newId(), wallet: newId() }
    const node = this.network.genesis.genesis.node.id
    await this.send([{ kind: 'place-open', ...at, name, node }])
    return at
  }

  async makeAsset(
    { place }: TestPlace,
    assetKind: Exclude<AssetKind, 'FED' | 'LIB'>,
    name: string,
  ): Promise<AssetId> {
    const asset = newId<AssetId>()
    await this.send([{ kind: 'asset-create', asset, place, assetKind, name, code: 'ABC' }])
    return asset
  }

  async openPerson(): Promise<WalletId> {
    const wallet = newId<WalletId>()
    await this.send([{ kind: 'wallet-open', wallet, node: this.network.genesis.genesis.node.id }])
    return wallet
  }

  async federate(
    from: TestPlace,
    asset: AssetId,
    ...to: readonly TestPlace[]
  ): Promise<FederationId> {
    const federation = newId<FederationId>()
    const { place } = from
    await this.send([
      { kind: 'federation-create', federation, name: `Federation ${federation}`, place },
      ...to.flatMap(({ place: invited }): Action[] => [
        { kind: 'federation-invite', federation, place, invited },
        { kind: 'federation-accept', federation, place: invited },
      ]),
      { kind: 'federation-share', federation, asset },
    ])
    return federation
  }

  async printCards({ place }: TestPlace, count: number): Promise<readonly TestCard[]> {
    const batch = newId<BatchId>()
    const cards = Array.from({ length: count }, () => {
      digits += 0x1234567
      const text = (digits % 0x100000000).toString(16).padStart(8, '0').toUpperCase()
      const names = {
        tag: `${text}AABBCC`,
        number: [...text].reverse().join(''),
        qr: newId<CardId>(),
      }
      const of = { ...names, card: newId<CardId>(), salt: randomBytes(16) }
      return { ...of, leaf: cardLeaf(sha256, of) }
    })
    const root = toHex(
      merkleRoot(
        sha256,
        cards.map(({ leaf }) => leaf),
      ),
    ) as Hex32
    const facts = { batch, place, generation: 7, level: 'L0' } as const
    this.directory.beginBatch({ ...facts, createdMs: Date.now() })
    this.directory.addCards(batch, 0, cards)
    this.directory.endBatch(batch, { root, count })
    const ids = cards.map(({ card }) => card)
    await this.send([{ kind: 'cards-register', ...facts, root, count, offset: 0, cards: ids }])
    this.directory.markRegistered(batch)
    return cards
  }

  refill(asset: AssetId, { card }: TestCard, amount: bigint, sent?: Sent): Promise<StoredTx> {
    return this.send([{ kind: 'refill', asset, to: { card }, amount: amount as Amount }], sent)
  }

  sale(
    at: TestPlace,
    asset: AssetId,
    of: TestCard & { amount: bigint },
    sent?: Sent,
  ): Promise<StoredTx> {
    const parts = [{ asset, amount: of.amount as Amount }]
    return this.send([{ kind: 'sale', card: of.card, to: at.place, parts }], sent)
  }

  link({ card }: TestCard, wallet: WalletId): Promise<StoredTx> {
    return this.send([{ kind: 'card-link', card, wallet }])
  }

  /** Federated euros for a bank transfer that nobody has seen before. */
  issueFed(to: TestCard, amount: bigint): Promise<StoredTx> {
    const reference = toHex(sha256(randomBytes(16))) as Hex32
    const money = amount as Amount
    const evidence = {
      account: 'bank/main',
      reference,
      gross: money,
      fee: 0n as Amount,
      net: money,
    }
    return this.send([{ kind: 'issue', to: { card: to.card }, evidence }], {
      key: this.network.keys.keeper,
    })
  }

  /** The wallet that a card had before it was linked, voided or lost for the first time. */
  firstWalletOf({ card }: TestCard): WalletId {
    return cardWalletId(sha256, card, 0)
  }

  issuanceOf(asset: AssetId): WalletId {
    return issuanceWalletId(sha256, asset)
  }

  /** Status and body of what one of some routes answers to a caller that was let in. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape.
  async ask(routes: readonly V1Route[], path: string, of: AskOf = {}): Promise<[number, any]> {
    const { params = {}, query = '', ...rest } = of
    const route = routes.find((one) => one.path === path)
    if (route === undefined) throw new Error(`no route ${path}`)
    const { directory, store, objects } = this
    const settings = { domain: DOMAIN, handshakeUntilMs: undefined, isDebug: false }
    const means = { book: this.book.reader, directory, store, objects, hash: sha256, settings }
    const call = { means, params, query: new URLSearchParams(query), body: {}, ...rest }
    try {
      const { status, body } = await (route.answer as (call: unknown) => Promise<V1Answer>)(call)
      return [status, read(body)]
    } catch (cause) {
      if (cause instanceof V1Refusal) return [cause.status, read(cause.body)]
      throw cause
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.close()
    this.store[Symbol.dispose]()
    this.#people.close()
    this.network[Symbol.dispose]()
  }
}

export interface AskOf {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly place?: PlaceId
  readonly wallet?: WalletId
  readonly body?: Json
}

/** The lines of a tx that was applied. */
export function linesOf({ outcome }: StoredTx): readonly Line[] {
  return outcome.status === 'applied' ? outcome.lines : []
}

/** The last line of a tx. */
export function lastOf(stored: StoredTx): Line {
  const line = linesOf(stored).at(-1)
  if (line === undefined) throw new Error('the tx has a line')
  return line
}

/** JSON as a client reads it. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape.
export function read(json: Json | undefined): any {
  return json === undefined ? undefined : JSON.parse(printWire(json))
}

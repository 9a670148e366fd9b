/** A network of one in a temporary folder, with a small world of places, money and cards, for tests of the node. */
import { randomUUIDv7 } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Action,
  type Amount,
  type AssetId,
  type BatchId,
  type CardId,
  encodePayload,
  type Hex32,
  type Id,
  Malformed,
  type PlaceId,
  parseTx,
  type SignedGenesis,
  type SignedTx,
  type TxId,
  toSigningInput,
  type WalletId,
} from '@fedow/ledger'
import {
  type FolderKeys,
  initFolder,
  type NewNetwork,
  readGenesis,
  readKeys,
} from '../src/store/folder.ts'
import type { SigningKey } from '../src/store/key-file.ts'

export function newId<T extends Id<string>>(): T {
  return randomUUIDv7() as string as T
}

/** How a test signs a tx: now, by the node's key, unless it says otherwise. */
export interface Signing {
  readonly key?: SigningKey
  readonly id?: TxId
  readonly notAfter?: number
  readonly chain?: SignedGenesis['chain']
}

/** A data folder that is removed at the end of the test, and the keys to sign with. */
export class TestNetwork implements Disposable {
  readonly folder: string
  readonly genesis: SignedGenesis
  readonly keys: FolderKeys

  /** `folder`: one that has a network already; `limits`: of issuing, for a new one. */
  constructor(
    timeMs = Date.now(),
    folder?: string,
    limits: Pick<NewNetwork, 'issueDayMax' | 'twoKeepersAbove'> = {},
  ) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'fedow-test-'))
    this.genesis =
      folder === undefined
        ? initFolder(this.folder, { network: 'Test', timeMs, ...limits })
        : readGenesis(folder)
    this.keys = readKeys(this.folder)
  }

  sign(actions: readonly Action[], signing: Signing = {}): SignedTx {
    const { key = this.keys.node, id = newId<TxId>(), chain = this.genesis.chain } = signing
    const notAfter = signing.notAfter ?? Date.now() + 300_000
    const json = encodePayload({ chain, id, actions, notAfter })
    const input = toSigningInput(key.kid, json)
    const tx = parseTx(`${input}.${key.sign(input)}`)
    if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
    return tx
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Ids of a bar with its own money and some cards. */
export interface Bar {
  readonly place: PlaceId
  readonly wallet: WalletId
  readonly asset: AssetId
  readonly cards: readonly CardId[]
}

export function newBar(cards: number): Bar {
  const ids = Array.from({ length: cards }, () => newId<CardId>())
  return { place: newId(), wallet: newId(), asset: newId(), cards: ids }
}

/** The txs that open a bar, each card with 10.00. */
export function barTxs(network: TestNetwork, bar: Bar): readonly SignedTx[] {
  const { place, wallet, asset, cards } = bar
  const node = network.genesis.genesis.node.id
  const root = 'a'.repeat(64) as Hex32
  const batch = newId<BatchId>()
  const register = { kind: 'cards-register', batch, place, root } as const
  return [
    network.sign([{ kind: 'place-open', place, wallet, name: `Bar ${place}`, node }]),
    network.sign([
      { kind: 'asset-create', asset, place, assetKind: 'TLF', name: 'Perle', code: 'PRL' },
    ]),
    network.sign([
      { ...register, generation: 1, count: cards.length, offset: 0, level: 'L0', cards },
    ]),
    ...cards.map((card) => refill(network, bar, card, 1_000n)),
  ]
}

export function refill(network: TestNetwork, bar: Bar, card: CardId, amount: bigint): SignedTx {
  return network.sign([
    { kind: 'refill', asset: bar.asset, to: { card }, amount: amount as Amount },
  ])
}

export function sale(
  network: TestNetwork,
  bar: Bar,
  { card, amount, ...signing }: Signing & { readonly card: CardId; readonly amount: bigint },
): SignedTx {
  const parts = [{ asset: bar.asset, amount: amount as Amount }]
  return network.sign([{ kind: 'sale', card, to: bar.place, parts }], signing)
}

/** A small sealed book: receipts and statements of it, from fixed keys, the same at every run. */
import {
  type Action,
  applyGenesis,
  applyTx,
  Block,
  beginBlock,
  type ChainId,
  checkpointKey,
  concat,
  cosignedMessage,
  encode,
  encodeCheckpoint,
  encodeNote,
  encodeReceipt,
  encodeStatement,
  fromBase64url,
  genesisTxId,
  type Hex32,
  hashLeaf,
  historyLeaf,
  type Json,
  keyId,
  type Line,
  Malformed,
  MemoryState,
  type NoteSignature,
  nobleHash,
  type Outcome,
  parseTx,
  proveInclusion,
  type ReceiptParts,
  SealChain,
  type StateProof,
  StateTree,
  type TxId,
  toKid,
  toU64,
  type VerifierKey,
  type WalletId,
} from '../src/index.ts'
import { KeptTiles } from './kept-tiles.ts'
import { Names, START_MS, signTx, toId, toKey, toOffset, type VectorKey } from './names.ts'
import { type Step, vectorGenesis } from './vector-run.ts'
import { readVectors, type VectorFile } from './world.ts'

/** The log's key of a chain, made of a vector key. */
export function logKey(name: string, chain: ChainId): VerifierKey {
  return checkpointKey(bytesOf(toKey(name)), chain)
}

/** A witness by its name, which is also that of its vector key. */
export function witnessKey(name: string): VerifierKey {
  return { name, type: 4, x: bytesOf(toKey(name)) }
}

function bytesOf({ x }: VectorKey): Uint8Array {
  return fromBase64url(x) ?? new Uint8Array()
}

/** The signature of a log under a text. */
export function logSignature(by: string, key: VerifierKey, text: string): NoteSignature {
  return { name: key.name, id: keyId(nobleHash, key), bytes: toKey(by).sign(text) }
}

/** The co-signature of a witness under a text, at a time in seconds. */
export function cosignature(name: string, timeS: number, text: string): NoteSignature {
  const message = new TextDecoder().decode(cosignedMessage(timeS, text))
  const bytes = concat(toU64(timeS), toKey(name).sign(message))
  return { name, id: keyId(nobleHash, witnessKey(name)), bytes }
}

interface Decided {
  readonly subject: ReceiptParts['subject']
  readonly outcome: Outcome
  readonly index: number
}

/** Who vouches for a checkpoint: the name of the log's vector key, and of witnesses. */
export interface Signing {
  readonly log?: string
  readonly witnesses?: readonly string[]
}

export class ProofBook {
  readonly genesis = vectorGenesis()
  readonly chain = this.genesis.chain
  readonly state = new MemoryState()
  readonly tiles = new KeptTiles()
  readonly #seals = new SealChain(nobleHash, this.chain)
  readonly #records = new StateTree(nobleHash)
  readonly #keys = new Set<string>()
  readonly #names = new Names()
  readonly #lineHashes = new Map<string, Hex32>()
  readonly #decided = new Map<string, Decided>()
  #pending: { readonly id: TxId; readonly bytes: string; readonly outcome: Outcome }[] = []
  #block: Block
  #text = ''
  #due = 0

  constructor() {
    const { chain, genesis, jws } = this.genesis
    this.#block = new Block({ chain, height: 0, timeMs: genesis.timeMs }, nobleHash)
    const lines = applyGenesis(this.state, nobleHash, this.genesis)
    const index = this.#block.append(jws)
    const { height, timeUs } = this.#block
    const outcome: Outcome = { status: 'applied', height, index, timeUs, lines }
    this.#decide(genesisTxId(nobleHash, chain), jws, outcome)
    this.seal()
  }

  /** Opens the next block; what was due is kept as `due 1`, `due 2`, … */
  open(at: string): void {
    const { height } = this.#block
    const timeMs = START_MS + toOffset(at)
    this.#block = new Block({ chain: this.chain, height: height + 1, timeMs }, nobleHash)
    for (const { id, json, outcome } of beginBlock(this.state, this.#block)) {
      this.#due += 1
      const name = `due ${this.#due}`
      const index = this.#seals.history.size + this.#pending.length
      this.#decided.set(name, { subject: { entry: json, id }, outcome, index })
      this.#decide(id, json, outcome)
    }
  }

  /** Decides a tx, which is kept under its name; its actions are written as in vectors. Nobody checks its key. */
  ask(
    name: string,
    { by, actions }: { by: string | VectorKey; actions: readonly Json[] },
  ): Outcome {
    const key = typeof by === 'string' ? toKey(by) : by
    const id = toId<TxId>(name)
    const filled = this.#names.fill(actions) as unknown as readonly Action[]
    const notAfter = this.#block.timeMs + 60_000
    const { jws } = signTx(key, { chain: this.chain, id, actions: filled, notAfter })
    const tx = parseTx(jws)
    if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
    const { kid, payload } = tx
    const { outcome } = applyTx(this.state, this.#block, { kid, payload, bytes: jws })
    const index = this.#seals.history.size + this.#pending.length
    this.#decided.set(name, { subject: { tx: jws, key: key.x }, outcome, index })
    this.#decide(id, jws, outcome)
    return outcome
  }

  #decide(id: TxId, bytes: string, outcome: Outcome): void {
    this.#pending.push({ id, bytes, outcome })
    const lines: readonly Line[] = outcome.status === 'applied' ? outcome.lines : []
    for (const { asset, seq, hash } of lines) this.#lineHashes.set(`${asset}/${seq}`, hash)
  }

  /** Seals the running block, as a node does. */
  seal(): void {
    const { height, timeUs } = this.#block
    const leaves = this.#pending.map((decided) =>
      hashLeaf(nobleHash, historyLeaf(nobleHash, decided)),
    )
    const closed = { height, timeUs, txs: this.#block.txsRoot(), leaves }
    this.#text = encodeCheckpoint(this.#seals.seal(closed, this.#sealRecords(height)))
    this.tiles.keep(this.#seals.history.takeChanged())
    this.#pending = []
  }

  #sealRecords(height: number): Uint8Array {
    const all = this.state.all()
    for (const key of this.#keys.difference(new Set(all.keys()))) {
      this.#records.remove(key)
      this.#keys.delete(key)
    }
    for (const [key, record] of all) {
      this.#keys.add(key)
      this.#records.put(key, encode(record))
    }
    return this.#records.seal(height)
  }

  /** The text of the last checkpoint. */
  get text(): string {
    return this.#text
  }

  /** The last checkpoint as a signed note. Witnesses sign an hour apart. */
  note({ log = 'checkpoint', witnesses = [] }: Signing = {}): string {
    const own = logSignature(log, logKey(log, this.chain), this.#text)
    const others = witnesses.map((name, n) =>
      cosignature(name, START_MS / 1_000 + 3_600 * (n + 1), this.#text),
    )
    return encodeNote({ text: this.#text, signatures: [own, ...others] })
  }

  /** What a receipt of a tx or system entry is made of, against the last checkpoint. */
  parts(name: string, signing?: Signing): ReceiptParts {
    const { subject, outcome, index } = this.decided(name)
    const lines = outcome.status === 'applied' ? outcome.lines : []
    const previous = lines.map(({ asset, seq }) => this.#lineHashes.get(`${asset}/${seq - 1}`))
    const { size } = this.#seals.history
    const hashes = proveInclusion(nobleHash, this.tiles, { index, size })
    return { subject, outcome, previous, index, hashes, checkpoint: this.note(signing) }
  }

  receipt(name: string, signing?: Signing): string {
    return encodeReceipt(nobleHash, this.parts(name, signing))
  }

  decided(name: string): Decided {
    const decided = this.#decided.get(name)
    if (decided === undefined) throw new Error(`nothing was decided under the name ${name}`)
    return decided
  }

  /** The id of a tx or system entry. */
  idOf(name: string): TxId {
    const { subject } = this.decided(name)
    return 'id' in subject ? subject.id : toId(name)
  }

  /** The id, in hex, of a log's key under this chain. */
  logId(name: string): string {
    return keyId(nobleHash, logKey(name, this.chain)).toHex()
  }

  /** A statement over the accounts that a wallet lists, and those of more assets. */
  statement(
    wallet: WalletId,
    { more = [], ...signing }: Signing & { readonly more?: readonly string[] } = {},
  ): string {
    const listed: readonly string[] = this.state.get('wallet', wallet)?.assets ?? []
    const accounts = [...listed, ...more].map((asset) => `account/${wallet}/${asset}`)
    const records = [`wallet/${wallet}`, ...accounts].map((key) => this.record(key))
    return encodeStatement(nobleHash, { wallet, records, checkpoint: this.note(signing) })
  }

  /** A record with its proof at the last sealed height. */
  record(key: string): { key: string; value: string | undefined; proof: StateProof } {
    const record = this.state.all().get(key)
    const proof = this.#records.prove(this.#block.height, key)
    if (proof === undefined) throw new Error('the last sealed version is kept')
    return { key, value: record && encode(record), proof }
  }
}

/** The neutral element as a key: under it, one signature holds for every message. */
const IDENTITY = { x: `AQ${'A'.repeat(41)}`, kid: toKid(nobleHash, `AQ${'A'.repeat(41)}`) }

/** What another book has in the place of its sale. */
interface Twist {
  readonly amount?: number
  /** The key that signs it in the name of the node's. */
  readonly forger?: string
  /** It is signed in the name of a key that no book would take. */
  readonly isWeak?: boolean
  /** The last height, 2 or 3. */
  readonly upTo?: number
}

/**
 * The book of vectors/receipts.json, sealed at height 3: `sale`, `gesture` (two actions), `refused` (a sale of too
 * much), `reserve` and its expiry `due 1`.
 */
export function vectorBook({
  amount = 350,
  forger,
  isWeak = false,
  upTo = 3,
}: Twist = {}): ProofBook {
  const book = new ProofBook()
  const node = toKey('node')
  const seller = isWeak ? { ...IDENTITY, sign: node.sign } : node
  const by = forger === undefined ? seller : { ...node, sign: toKey(forger).sign }
  const { given = [] } = readVectors<VectorFile>('world.json')
  const asset = '$PKS'
  const to = { card: '$card-1' }
  const sale = { kind: 'sale', card: '$card-1', to: '$bar' }
  const refill = { kind: 'refill', asset, to }
  const from = { card: '$card-1' }
  book.open('0ms')
  for (const [n, { by = '', actions = [] }] of given.entries()) {
    book.ask(`founding ${n + 1}`, { by, actions })
  }
  book.seal()
  book.open('1m')
  book.ask('refill', { by: 'node', actions: [{ ...refill, amount: 1_000 }] })
  book.ask('sale', { by, actions: [{ ...sale, parts: [{ asset, amount }] }] })
  const gesture = [
    { ...refill, amount: 200 },
    { ...sale, primary: '$boss', parts: [{ asset, amount: 100 }] },
  ]
  book.ask('gesture', { by: 'node', actions: gesture })
  book.ask('refused', { by: 'node', actions: [{ ...sale, parts: [{ asset, amount: 9_999 }] }] })
  const hold = { kind: 'hold', hold: '$tab', from, to: '$bar', asset, amount: 150 }
  book.ask('reserve', { by: 'node', actions: [{ ...hold, expiresMs: '@1h' }] })
  book.seal()
  if (upTo === 2) return book
  book.open('2h')
  const reserve = { ...hold, hold: '$other tab', expiresMs: '@3h', amount: 250 }
  book.ask('reserve again', { by: 'node', actions: [reserve] })
  book.seal()
  return book
}

/** The book of vectors/import.json, sealed at height 1: `registry`, then `history` and the `sale` of its first vector. */
export function importBook(): ProofBook {
  const book = new ProofBook()
  const { given = [], vectors } = readVectors<VectorFile>('import.json')
  const steps = vectors[0]?.steps ?? []
  const actionsOf = (list: readonly Step[]) => list.flatMap(({ actions = [] }) => actions)
  const sale = steps.find(({ by }) => by === 'node')
  const parts = steps.filter(({ by }) => by === 'operator')
  book.open('0ms')
  book.ask('registry', { by: 'operator', actions: actionsOf(given) })
  book.ask('history', { by: 'operator', actions: actionsOf(parts) })
  book.ask('sale', { by: 'node', actions: sale?.actions ?? [] })
  book.seal()
  return book
}

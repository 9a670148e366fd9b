/**
 * Witnesses, both ways: this node co-signs for logs that its operator named, and asks witnesses that its operator named
 * to co-sign its own checkpoints.
 */
import {
  checkpointKey,
  encodeVerifierKey,
  fromBase64url,
  type KeyType,
  parseVerifierKey,
  type SignedGenesis,
  type VerifierKey,
} from '@fedow/ledger'
import type { Engine } from '../engine/engine.ts'
import type { SealedBlock } from '../store/book-reader.ts'
import { sha256 } from '../store/hash.ts'
import type { SigningKey } from '../store/key-file.ts'
import { SignatureCheck } from '../store/signature-check.ts'
import type { RefusedCheckpoint, WatchedLog, WatchedLogs } from '../store/watched-logs.ts'
import type { Witness, WitnessStore } from '../store/witness-store.ts'
import { Asker, type AskerParts, PACE_USUAL, type Pace } from './asker.ts'
import { Cosigner, type WitnessAnswer } from './cosigner.ts'

export interface DeskParts {
  readonly store: WitnessStore
  readonly logs: WatchedLogs
  readonly genesis: SignedGenesis
  /** Signs as a witness. */
  readonly key: SigningKey
  readonly engine: Pick<Engine, 'blocks'>
  readonly book: AskerParts['book']
  /** The checkpoint of a block, signed by this node. */
  readonly noteOf: (block: SealedBlock) => string
  readonly now: () => number
  readonly onFault: (cause: unknown) => void
  readonly pace?: Pace
  readonly fetch?: typeof fetch
}

/** Why a key or an address is not taken. */
export type WitnessFault =
  | { readonly code: 'not_a_log_key' }
  | { readonly code: 'not_a_witness_key' }
  | { readonly code: 'own_key' }
  | { readonly code: 'bad_url' }
  | { readonly code: 'log_has_other_key'; readonly origin: string }
  | { readonly code: 'log_not_watched'; readonly name: string }
  | { readonly code: 'logs_too_many' }
  | { readonly code: 'witness_not_asked'; readonly name: string }
  | { readonly code: 'witnesses_too_many' }

/** A log that is watched, with what was refused of it. */
export interface LogView extends WatchedLog {
  readonly refused: readonly RefusedCheckpoint[]
}

export class WitnessDesk implements AsyncDisposable {
  readonly #parts: DeskParts
  readonly #cosigner: Cosigner
  readonly #asker: Omit<AskerParts, 'store'>
  /** By the key of their witness. */
  readonly #askers = new Map<string, Asker>()
  #isFollowing = false
  /** What other nodes know this witness by. */
  readonly vkey: string
  /** What others know the checkpoints of this book by. */
  readonly logVkey: string

  constructor(parts: DeskParts) {
    this.#parts = parts
    const { genesis, key, logs, now, book, noteOf, onFault, pace = PACE_USUAL } = parts
    const means = { hash: sha256, verify: new SignatureCheck().verify }
    const name = `fedow-witness/${genesis.genesis.node.id}`
    this.#cosigner = new Cosigner({ logs, key, name, means, now })
    this.#asker = {
      book,
      noteOf,
      means: { ...means, fetch: parts.fetch ?? fetch },
      pace,
      now,
      onFault,
    }
    this.vkey = encodeVerifierKey(sha256, this.#cosigner.key)
    this.logVkey = encodeVerifierKey(sha256, logKeyOf(genesis))
  }

  /** Begins to ask, when the node is put together. */
  begin(): void {
    for (const witness of this.asked()) this.#begin(witness)
  }

  /** Answers a checkpoint that somebody submits. */
  add(body: Uint8Array): WitnessAnswer {
    return this.#cosigner.add(body)
  }

  /** Logs that are watched, by origin. */
  watched(): readonly LogView[] {
    const { logs } = this.#parts
    const watched = logs.all().filter(({ isWatched }) => isWatched)
    return watched.map((log) => ({ ...log, refused: logs.refusedOf(log.origin) }))
  }

  /** Witnesses that are asked, in the order in which they came. */
  asked(): readonly Witness[] {
    return this.#parts.store.all().filter(({ isAsked }) => isAsked)
  }

  /** Co-signs from now on for the log of this key. */
  watch(vkey: string): WitnessFault | undefined {
    const key = readKey(vkey, 1)
    if (key === undefined) return { code: 'not_a_log_key' }
    if (vkey === this.logVkey) return { code: 'own_key' }
    const done = this.#parts.logs.watch(key.name, vkey)
    if (done === 'other_key') return { code: 'log_has_other_key', origin: key.name }
    return done === 'too_many' ? { code: 'logs_too_many' } : undefined
  }

  /** Co-signs no more for a log, by its key or its origin. */
  unwatch(name: string): WitnessFault | undefined {
    const log = this.watched().find(({ origin, vkey }) => origin === name || vkey === name)
    if (log === undefined) return { code: 'log_not_watched', name }
    this.#parts.logs.unwatch(log.origin)
    return undefined
  }

  /** Asks a witness from now on: its submission prefix, and its key. */
  async ask(url: string, vkey: string): Promise<WitnessFault | undefined> {
    const prefix = readPrefix(url)
    if (prefix === undefined) return { code: 'bad_url' }
    if (readKey(vkey, 4) === undefined) return { code: 'not_a_witness_key' }
    if (vkey === this.vkey) return { code: 'own_key' }
    if (!this.#parts.store.ask(vkey, prefix)) return { code: 'witnesses_too_many' }
    await this.#end(vkey)
    const witness = this.asked().find((one) => one.vkey === vkey)
    if (witness !== undefined) this.#begin(witness)
    return undefined
  }

  /** Asks a witness no more, by its key or its name. */
  async unask(name: string): Promise<WitnessFault | undefined> {
    const witness = this.asked().find(({ key, vkey }) => key.name === name || vkey === name)
    if (witness === undefined) return { code: 'witness_not_asked', name }
    this.#parts.store.unask(witness.vkey)
    await this.#end(witness.vkey)
    return undefined
  }

  #begin(witness: Witness): void {
    const { store, onFault } = this.#parts
    // Of two orders at once, the first to come here has read what both of them wrote.
    if (this.#askers.has(witness.vkey)) return
    this.#askers.set(witness.vkey, new Asker({ ...this.#asker, store }, witness))
    if (!this.#isFollowing) this.#follow().catch(onFault)
  }

  async #end(vkey: string): Promise<void> {
    const asker = this.#askers.get(vkey)
    this.#askers.delete(vkey)
    await asker?.[Symbol.asyncDispose]()
  }

  /** Tells the askers of each sealed block, from when there is somebody to ask until the engine closes. */
  async #follow(): Promise<void> {
    this.#isFollowing = true
    const { engine, book } = this.#parts
    for await (const _ of engine.blocks(book.lastSealed()?.height ?? 0)) {
      for (const asker of this.#askers.values()) asker.sealed()
    }
  }

  /** Ends the requests that are under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    const askers = [...this.#askers.values()]
    this.#askers.clear()
    await Promise.all(askers.map((asker) => asker[Symbol.asyncDispose]()))
  }
}

function logKeyOf({ chain, genesis }: SignedGenesis): VerifierKey {
  return checkpointKey(fromBase64url(genesis.checkpoint) ?? new Uint8Array(), chain)
}

function readKey(vkey: string, type: KeyType): VerifierKey | undefined {
  const key = parseVerifierKey(sha256, vkey)
  return key?.type === type ? key : undefined
}

/** An address without its last slash; nothing but a path after the host. */
function readPrefix(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined
  if (url.username + url.password + url.search + url.hash !== '') return undefined
  return url.href.replace(/\/+$/, '')
}

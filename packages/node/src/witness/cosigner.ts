/**
 * Co-signs checkpoints of logs that this node watches, after proof that each continues what was co-signed before.
 * Source: c2sp.org/tlog-witness, "add-checkpoint"; c2sp.org/tlog-cosignature. The order of the checks is theirs.
 */
import {
  cosignatureBytes,
  cosignedMessage,
  isConsistent,
  isSameBytes,
  keyId,
  Malformed,
  type Means,
  signatureLine,
  type VerifierKey,
  verifyNote,
} from '@fedow/ledger'
import type { SigningKey } from '../store/key-file.ts'
import { writtenKey } from '../store/verifier-keys.ts'
import type { Remembered, Seen, WatchedLog, WatchedLogs } from '../store/watched-logs.ts'
import { type ParsedSubmission, parseSubmission } from './submission.ts'

/** The answer to a submission, by its HTTP status. */
export type WitnessAnswer =
  | { readonly status: 200; readonly lines: string }
  /** The witness has seen another size than the submission says. */
  | { readonly status: 409; readonly size: number }
  | { readonly status: 400 | 403 | 404 | 409 | 422; readonly why: string }

export interface CosignerParts {
  readonly logs: WatchedLogs
  readonly key: SigningKey
  readonly name: string
  readonly means: Means
  /** Wall clock, in milliseconds. */
  readonly now: () => number
}

interface Judgement {
  readonly answer: WitnessAnswer
  readonly remember: Remembered
}

const NOTHING: Remembered = { kind: 'nothing' }

export class Cosigner {
  readonly #parts: CosignerParts
  /** As others write it down to know this witness. */
  readonly key: VerifierKey
  readonly #emptyRoot: Uint8Array

  constructor(parts: CosignerParts) {
    this.#parts = parts
    this.key = { name: parts.name, type: 4, x: Uint8Array.fromBase64(parts.key.x, URL_SAFE) }
    this.#emptyRoot = parts.means.hash(new Uint8Array())
  }

  /** Judges a submission. What it answers with 200 is durable before. */
  add(body: Uint8Array): WitnessAnswer {
    const submission = parseSubmission(body)
    if (submission instanceof Malformed) {
      const { path, expected } = submission
      return { status: 400, why: `At ${path}, ${expected} was expected.` }
    }
    const { logs } = this.#parts
    const { origin } = submission
    const unsigned = this.#refuseUnsigned(submission, logs.get(origin))
    return unsigned ?? logs.judge(origin, (log) => this.#judge(submission, log))
  }

  /** Costs a look-up for a stranger, and one signature for a watched log. */
  #refuseUnsigned(
    { origin, parsed }: ParsedSubmission,
    log: WatchedLog | undefined,
  ): WitnessAnswer | undefined {
    if (log === undefined || !log.isWatched) {
      return { status: 404, why: `This witness does not watch a log of the origin ${origin}.` }
    }
    const { means } = this.#parts
    if (verifyNote(means, parsed, [writtenKey(log.vkey)]) !== undefined) return undefined
    return {
      status: 403,
      why: 'The checkpoint is not signed by the key that is known of this log.',
    }
  }

  #judge(submission: ParsedSubmission, log: WatchedLog | undefined): Judgement {
    const { old, head, note, proof } = submission
    const seen = log?.seen ?? { size: 0, root: this.#emptyRoot, note: '', timeS: 0 }
    if (old > head.size) {
      const why = `The old size is ${old}, larger than the checkpoint, which has ${head.size}.`
      return { answer: { status: 400, why }, remember: NOTHING }
    }
    if (old !== seen.size) {
      return { answer: { status: 409, size: seen.size }, remember: NOTHING }
    }
    if (head.size === 0 && !isSameBytes(head.root, this.#emptyRoot)) {
      const why = 'A tree without leaves has the hash of nothing as its root.'
      return { answer: { status: 422, why }, remember: NOTHING }
    }
    if (head.size === seen.size && !isSameBytes(head.root, seen.root)) {
      const why = `This witness has co-signed another root of the same size, ${seen.size}.`
      return { answer: { status: 409, why }, remember: this.#refused('conflict', seen, note) }
    }
    if (!isConsistent(this.#parts.means.hash, { from: seen, to: head, hashes: proof })) {
      const why = `The proof does not lead from the ${seen.size} leaves that this witness has seen to the checkpoint.`
      return { answer: { status: 422, why }, remember: this.#refused('unproven', seen, note) }
    }
    return this.#cosign(submission, seen)
  }

  #refused(kind: 'conflict' | 'unproven', { note: cosigned }: Seen, refused: string): Remembered {
    const timeMs = this.#parts.now()
    return { kind: 'refused', refused: { kind, cosigned, refused, timeMs } }
  }

  #cosign({ head, note, parsed }: ParsedSubmission, seen: Seen): Judgement {
    const { means, key, name, now } = this.#parts
    // A co-signature says what the largest tree was at its time: a clock set back must not say otherwise.
    const timeS = Math.max(Math.floor(now() / 1_000), seen.timeS)
    const signature = key.signBytes(cosignedMessage(timeS, parsed.text))
    const bytes = cosignatureBytes(timeS, signature)
    const lines = signatureLine({ name, id: keyId(means.hash, this.key), bytes })
    const isNew = seen.note === '' || head.size > seen.size
    return {
      answer: { status: 200, lines },
      remember: isNew ? { kind: 'seen', seen: { ...head, note, timeS } } : NOTHING,
    }
  }
}

const URL_SAFE = { alphabet: 'base64url' } as const

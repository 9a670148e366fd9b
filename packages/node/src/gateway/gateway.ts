/**
 * The door of every request that is no tx yet: it becomes one here, signed by a key of this node.
 *
 * A request is one tx, whose id is its Idempotency-Key. The book remembers: a key that it has is compared with
 * what is asked now, and the same request gets the same answer, even after balances have changed.
 */
import { type Action, Malformed, parsePayload, type TxId } from '@fedow/ledger'
import type { Engine, Submission } from '../engine/engine.ts'
import type { ApiKeys } from '../store/api-keys.ts'
import type { BookReader, StoredTx } from '../store/book-reader.ts'
import { type Caller, OPERATOR } from './caller.ts'
import { deny } from './denial.ts'
import { type Intent, intentOf, isSameRequest, type SignerRole } from './intent.ts'
import { type Signer, type Signers, signTx, signTxSoon } from './sign.ts'
import { Turns } from './turns.ts'

/** What a gateway works with. */
export interface GatewayParts {
  readonly book: BookReader
  readonly engine: Engine
  readonly signers: Signers
  readonly apiKeys: Pick<ApiKeys, 'count'>
  /** Wall clock, in milliseconds. */
  readonly now: () => number
}

export class Gateway {
  readonly #parts: GatewayParts
  readonly #turns = new Turns()

  constructor(parts: GatewayParts) {
    this.#parts = parts
  }

  /**
   * Makes a tx of an intent, once, and answers when its outcome is durable.
   *
   * Throws Denied, and Refusal with limit_exceeded when the limits of an API key are used up.
   */
  async submit(caller: Caller, intent: Intent): Promise<Submission> {
    const signer = this.#signer(intent.signer)
    // The book knows a tx when it is durable; one that is on its way is waited for.
    return this.#turns.take(intent.id, async () => {
      const known = intent.isNew === true ? undefined : this.#recall(signer, intent)
      return known ?? this.#orderOrRecall(caller, intent, signer)
    })
  }

  /** Signs and submits actions for the node itself, such as a card import does. The same id again is a repeat. */
  submitOwn(
    actions: readonly Action[],
    id: TxId,
    signer: SignerRole = 'node',
  ): Promise<Submission> {
    return this.submit(OPERATOR, { ...intentOf(id, actions), signer })
  }

  /** Whatever keeps a request from being ordered, it may be one that was ordered before. */
  async #orderOrRecall(caller: Caller, intent: Intent, signer: Signer): Promise<Submission> {
    try {
      const submission = await this.#order(caller, intent, signer)
      if (submission.status !== 'refused') return submission
      return this.#recall(signer, intent) ?? submission
    } catch (cause) {
      const known = this.#recall(signer, intent)
      if (known !== undefined) return known
      throw cause
    }
  }

  async #order(caller: Caller, intent: Intent, signer: Signer): Promise<Submission> {
    const { book, engine, apiKeys, now } = this.#parts
    const { id, amount } = intent
    const timeMs = Math.max(now(), book.tip().timeMs)
    const order = { chain: book.chain, id, actions: intent.actions(), timeMs }
    // A lone order spares itself the way to the thread and back.
    const isLone = this.#turns.size === 1
    const tx = isLone ? signTx(signer, order) : await signTxSoon(signer, order)
    const giveBack =
      caller.kind === 'key' ? apiKeys.count(caller.key.id, { amount, timeMs: now() }) : undefined
    const submission = await engine.submit(tx, { isOwn: true })
    const isApplied = submission.status === 'decided' && submission.outcome.status === 'applied'
    if (!isApplied && submission.status !== 'unknown') giveBack?.()
    return submission
  }

  /** The outcome that the book has for this id. Denies with: idempotency_key_reused. */
  #recall(signer: Signer, intent: Intent): Submission | undefined {
    const stored = this.#parts.book.tx(intent.id)
    if (stored === undefined) return undefined
    const isSame = stored.kid === signer.kid && isSameRequest(intent, actionsOf(stored))
    if (!isSame) deny({ code: 'idempotency_key_reused' })
    return { status: 'decided', outcome: stored.outcome, isRepeat: true }
  }

  #signer(role: SignerRole): Signer {
    return this.#parts.signers[role] ?? deny({ code: 'role_missing', can: RIGHT_OF[role] })
  }
}

const RIGHT_OF: Readonly<Record<SignerRole, string>> = {
  node: 'host',
  keeper: 'issue',
  operator: 'admin',
}

function actionsOf({ json }: StoredTx): readonly Action[] {
  const payload = parsePayload(json)
  return payload === undefined || payload instanceof Malformed ? [] : payload.actions
}

/**
 * One signature does one thing, once, for ever (WIRE.md 2.11).
 *
 *   first time   row in v1.db -> tx in the book, under the id of the signature -> answer from the book
 *   again        row found: the same answer, from the book, or from the row when no tx was made
 *   elsewhere    the row names another route or body: 403
 *
 * The row is written when the signature is checked, before the tx, so a tx without its row has met a power cut; its
 * signature is then bound to the route that asks first, and no second tx is made. Requests of one signature take turns.
 */
import { randomUUID } from 'node:crypto'
import type { PlaceId, TxId, WalletId } from '@fedow/ledger'
import { OPERATOR } from '../gateway/caller.ts'
import type { StoredTx } from '../store/book-reader.ts'
import { type Json, JsonError, parseJson, printPython, printWire } from './codec/json.ts'
import { NOT_AUTHENTICATED } from './codec/messages.ts'
import { demandApplied, MadeTx } from './made-tx.ts'
import type { V1Means } from './means.ts'
import type { Admitted, NotedRequest } from './permission.ts'
import { refuseWithDetail } from './refusal.ts'
import { hasEffect, type OrderOptions, type V1Answer, type V1Call, type V1Route } from './route.ts'
import { toRefusal } from './routes/rejections.ts'

/** A request that may come in, as it stands before its route sees it. */
export interface Asked {
  readonly route: V1Route
  readonly admitted: Admitted
  /** Path and query, as sent. */
  readonly url: string
  readonly body: Json
  readonly bodyText: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: V1Call['headers']
  readonly ip: string
}

/** What goes out; without a text there is no body. */
export interface Sent {
  readonly status: number
  readonly text: string | undefined
}

/** What is noted of a request with an effect. */
interface Trace {
  readonly id: TxId
  readonly route: string
  readonly timeMs: number
  /** True when v1.db had no row of it. */
  readonly isNew: boolean
  isNoted: boolean
  /** True when the book has the tx, applied or rejected. */
  isDecided: boolean
}

export class Ordering {
  readonly #means: V1Means

  constructor(means: V1Means) {
    this.#means = means
  }

  /** Answers a request. Throws what is a fault of ours, and V1Refusal for a signature that was used elsewhere. */
  answer(asked: Asked): Promise<Sent> {
    const { noted } = asked.admitted
    if (!hasEffect(asked.route)) return this.#run(asked, undefined)
    if (noted !== undefined) return this.#once(asked, noted)
    const isKept = asked.route.access === 'place-signature'
    return this.#run(asked, isKept ? this.#unsigned(asked) : undefined)
  }

  /** When a request was noted before, what it was decides. */
  async #once(asked: Asked, noted: NotedRequest): Promise<Sent> {
    const { before, id, route, timeMs } = noted
    if (before !== undefined && (before.route !== route || !isSameBody(before.body, asked))) {
      refuseReuse()
    }
    if (before?.status) return { status: before.status, text: before.text || undefined }
    const { body: read, bodyText: body } = asked
    const row = before ?? { id, route, body, timeMs, status: null, text: null }
    using _ = this.#means.store.requests.hold({ ...row, read })
    const trace = { id, route, timeMs, isNew: before === undefined }
    return await this.#run(asked, { ...trace, isNoted: true, isDecided: false })
  }

  /** A request that nobody could sign. */
  #unsigned({ route: { method }, url, admitted }: Asked): Trace {
    const id = randomUUID() as string as TxId
    const route = `${method} ${url} ${admitted.place ?? ''}`
    const trace = { id, route, timeMs: this.#means.now(), isNew: true }
    return { ...trace, isNoted: false, isDecided: false }
  }

  async #run(asked: Asked, trace: Trace | undefined): Promise<Sent> {
    const sent = await this.#ask(asked, trace)
    const isKept =
      trace !== undefined &&
      sent.status < 500 &&
      (!trace.isDecided || asked.route.keepsAnswer === true)
    if (isKept) {
      this.#note(asked, trace)
      const { status, text = '' } = sent
      await this.#means.intake.keep({ id: trace.id, status, text })
    }
    return sent
  }

  async #ask(asked: Asked, trace: Trace | undefined): Promise<Sent> {
    const answer = asked.route.answer as (call: V1Call) => V1Answer | Promise<V1Answer>
    try {
      return toSent(await answer(this.#call(asked, trace)))
    } catch (cause) {
      const refusal = toRefusal(cause)
      if (refusal === undefined) throw cause
      return toSent(refusal)
    }
  }

  #call(asked: Asked, trace: Trace | undefined): V1Call {
    const order: V1Call['order'] = (actions, options) => {
      return this.#order(asked, trace, { actions, ...options })
    }
    return new Call(asked, { means: this.#means, id: trace?.id, order })
  }

  async #order(
    asked: Asked,
    trace: Trace | undefined,
    {
      actions,
      id: given,
      signer = 'node',
      isPure = false,
    }: OrderOptions & { readonly actions: Parameters<V1Call['order']>[0] },
  ): Promise<StoredTx> {
    const id = given ?? trace?.id ?? (randomUUID() as string as TxId)
    if (trace !== undefined) this.#noteOrder(asked, trace, id)
    const isNew = isPure && trace?.isNew === true && trace.id === id
    const intent = { id, signer, amount: 0n, isNew, isSame: () => true, actions } as const
    const submission = await this.#means.gateway.submit(OPERATOR, intent)
    if (submission.status === 'decided' && trace !== undefined) trace.isDecided = true
    return new MadeTx(this.#means.book, id, demandApplied(submission))
  }

  /** Notes what is asked before anything comes of it, also under the id of a tx that is not the signature's. */
  #noteOrder(asked: Asked, trace: Trace, id: TxId): void {
    this.#note(asked, trace)
    if (id !== trace.id) this.#write(asked, { ...trace, id })
  }

  #note(asked: Asked, trace: Trace): void {
    if (trace.isNoted) return
    trace.isNoted = true
    this.#write(asked, trace)
  }

  #write({ bodyText: body }: Asked, { id, route, timeMs }: Trace): void {
    this.#means.store.note({ id, route, body, timeMs, isRead: false, hasEffect: true })
  }
}

/** A call as its route sees it. A getter in a literal would be a hidden class of its own each time, and outlive it. */
class Call implements V1Call {
  readonly means: V1Means
  readonly params: V1Call['params']
  readonly body: Json
  readonly bodyText: string
  readonly headers: V1Call['headers']
  readonly ip: string
  readonly key: V1Call['key']
  readonly place: PlaceId | undefined
  readonly wallet: WalletId | undefined
  readonly id: TxId | undefined
  readonly order: V1Call['order']
  readonly #url: string

  constructor(
    { admitted, params, body, bodyText, headers, ip, url }: Asked,
    { means, id, order }: Pick<V1Call, 'means' | 'id' | 'order'>,
  ) {
    this.means = means
    this.params = params
    this.body = body
    this.bodyText = bodyText
    this.headers = headers
    this.ip = ip
    this.key = admitted.key
    this.place = admitted.place
    this.wallet = admitted.wallet
    this.id = id
    this.order = order
    this.#url = url
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.#url.split('?')[1])
  }
}

/** The signature covers what the body says, not how it is spelled. */
function isSameBody(known: string, { bodyText, body }: Asked): boolean {
  if (known === bodyText) return true
  try {
    return printPython(parseJson(known)) === printPython(body)
  } catch (cause) {
    // A form is compared by its text alone.
    if (cause instanceof JsonError) return false
    throw cause
  }
}

function toSent({ status, body }: V1Answer): Sent {
  return { status, text: body === undefined ? undefined : printWire(body) }
}

function refuseReuse(): never {
  return refuseWithDetail(403, NOT_AUTHENTICATED)
}

/**
 * One signature does one thing, once, for ever (WIRE.md 2.11).
 *
 *   first time   row in v1.db -> tx in the book, under the id of the signature -> answer from the book
 *   again        row found: the same answer, from the book, or from the row when no tx was made
 *   elsewhere    the row names another route or body: 403
 *
 * The row comes before the tx, so a tx without its row has met a power cut; its signature is then bound to the route
 * that asks first, and no second tx is made. While the first request runs, the second one waits.
 */
import { randomUUID } from 'node:crypto'
import type { TxId } from '@fedow/ledger'
import { OPERATOR } from '../gateway/caller.ts'
import type { StoredTx } from '../store/book-reader.ts'
import { type Json, JsonError, parseJson, printPython, printWire } from './codec/json.ts'
import { NOT_AUTHENTICATED } from './codec/messages.ts'
import { demandApplied, MadeTx } from './made-tx.ts'
import type { V1Means } from './means.ts'
import type { Admitted } from './permission.ts'
import { refuseWithDetail } from './refusal.ts'
import type { OrderOptions, V1Answer, V1Call, V1Route } from './route.ts'
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
  isNoted: boolean
  /** True when the book has the tx, applied or rejected. */
  isDecided: boolean
}

export class Ordering {
  readonly #means: V1Means
  readonly #inFlight = new Map<TxId, Promise<unknown>>()

  constructor(means: V1Means) {
    this.#means = means
  }

  /** Answers a request. Throws what is a fault of ours, and V1Refusal for a signature that was used elsewhere. */
  async answer(asked: Asked): Promise<Sent> {
    const { id } = asked.admitted
    const { method, hasEffect = method === 'POST', access } = asked.route
    const route = nameOf(asked)
    if (id === undefined) {
      const isKept = hasEffect && access === 'place-signature'
      return this.#run(asked, isKept ? newTrace(randomUUID() as string as TxId, route) : undefined)
    }
    const { seen } = this.#means.store
    if (method === 'GET' && !seen.admit(id, route, this.#means.now())) refuseReuse()
    return hasEffect ? this.#once(asked, id, route) : this.#run(asked, undefined)
  }

  async #once(asked: Asked, id: TxId, route: string): Promise<Sent> {
    for (;;) {
      const running = this.#inFlight.get(id)
      if (running === undefined) break
      await running
    }
    const run = this.#claim(asked, { ...newTrace(id, route), isNoted: true })
    this.#inFlight.set(
      id,
      run.catch(() => undefined),
    )
    try {
      return await run
    } finally {
      this.#inFlight.delete(id)
    }
  }

  /** Notes a request, unless it is noted already: then what it was decides. */
  async #claim(asked: Asked, trace: Trace): Promise<Sent> {
    const { store, now } = this.#means
    const known = await store.requests.add(toRow(asked, trace, now()))
    if (known !== undefined && (known.route !== trace.route || !isSameBody(known.body, asked))) {
      refuseReuse()
    }
    if (known?.status) return { status: known.status, text: known.text || undefined }
    return this.#run(asked, trace)
  }

  async #run(asked: Asked, trace: Trace | undefined): Promise<Sent> {
    const sent = await this.#ask(asked, trace)
    const isKept =
      trace !== undefined &&
      sent.status < 500 &&
      (!trace.isDecided || asked.route.keepsAnswer === true)
    if (isKept) await this.#note(asked, trace, sent)
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
    const { admitted, params, body, bodyText, headers, ip, url } = asked
    const { key, place, wallet } = admitted
    return {
      means: this.#means,
      params,
      get query() {
        return new URLSearchParams(url.split('?')[1])
      },
      body,
      bodyText,
      headers,
      ip,
      key,
      id: trace?.id,
      ...(place !== undefined && { place }),
      ...(wallet !== undefined && { wallet }),
      order: (actions, options) => this.#order(asked, trace, { actions, ...options }),
    }
  }

  async #order(
    asked: Asked,
    trace: Trace | undefined,
    {
      actions,
      id: given,
      signer = 'node',
    }: OrderOptions & { readonly actions: Parameters<V1Call['order']>[0] },
  ): Promise<StoredTx> {
    const id = given ?? trace?.id ?? (randomUUID() as string as TxId)
    if (trace !== undefined) await this.#noteOrder(asked, trace, id)
    const intent = { id, signer, amount: 0n, isSame: () => true, actions } as const
    const submission = await this.#means.gateway.submit(OPERATOR, intent)
    if (submission.status === 'decided' && trace !== undefined) trace.isDecided = true
    return new MadeTx(this.#means.book, id, demandApplied(submission))
  }

  /** Notes what is asked before anything comes of it, also under the id of a tx that is not the signature's. */
  async #noteOrder(asked: Asked, trace: Trace, id: TxId): Promise<void> {
    const notes: Promise<unknown>[] = [this.#note(asked, trace)]
    if (id !== trace.id) {
      const { store, now } = this.#means
      notes.push(store.requests.add(toRow(asked, { ...trace, id }, now())))
    }
    await Promise.all(notes)
  }

  async #note(asked: Asked, trace: Trace, sent?: Sent): Promise<void> {
    const { requests } = this.#means.store
    const text = sent?.text ?? ''
    if (!trace.isNoted) {
      trace.isNoted = true
      const row = toRow(asked, trace, this.#means.now())
      await requests.add(sent ? { ...row, status: sent.status, text } : row)
    } else if (sent !== undefined) requests.answer(trace.id, sent.status, text)
  }
}

function newTrace(id: TxId, route: string): Trace {
  return { id, route, isNoted: false, isDecided: false }
}

function toRow({ body: read, bodyText: body }: Asked, { id, route }: Trace, timeMs: number) {
  return { id, route, body, read, timeMs, status: null, text: null }
}

/** Route and signer: the same signature of another key is another one. */
function nameOf({ route, url, admitted }: Asked): string {
  return `${route.method} ${url} ${admitted.wallet ?? admitted.place ?? ''}`
}

/** The signature covers what the body says, not how it is spelled. */
function isSameBody(known: string, { bodyText, body }: Asked): boolean {
  if (known === bodyText) return true
  try {
    return printPython(parseJson(Buffer.from(known))) === printPython(body)
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

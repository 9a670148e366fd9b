import type { Params } from './params.ts'
import { missing, Refusal } from './refusal.ts'

export interface Stored {
  readonly id: string
  readonly object: string
  readonly created?: number
}

/** A page of a list, newest first. */
export interface Page {
  readonly object: 'list'
  readonly data: readonly object[]
  readonly has_more: boolean
  readonly url: string
}

/** Parameters that say what a request is about. */
const SUBJECTS = ['intent', 'charge', 'payment_intent']

/** All objects of one kind, in the order of their making. */
export class Shelf<T extends Stored> {
  readonly #noun: string
  readonly #byId = new Map<string, T>()

  /** `noun` is how Stripe calls the kind when an id names nothing. */
  constructor(noun: string) {
    this.#noun = noun
  }

  add(one: T): T {
    this.#byId.set(one.id, one)
    return one
  }

  remove(id: string): void {
    this.#byId.delete(id)
  }

  find(id: string): T | undefined {
    return this.#byId.get(id)
  }

  /** Refused with 404 when the request is about it, with 400 when it is a detail of another. */
  get(id: string, param?: string): T {
    const found = this.#byId.get(id)
    if (found) return found
    const isSubject = param === undefined || SUBJECTS.includes(param)
    throw missing(this.#noun, id, param ?? 'id', isSubject ? 404 : 400)
  }

  all(): readonly T[] {
    return [...this.#byId.values()]
  }

  where(is: (one: T) => boolean): readonly T[] {
    return this.all().filter(is)
  }
}

interface Window {
  readonly limit: number
  readonly after: string | undefined
  readonly before: string | undefined
  readonly created: (time: number) => boolean
}

/** Reads `limit`, `starting_after`, `ending_before` and `created`. */
export function readWindow(params: Params): Window {
  const limit = params.whole('limit', { min: 1, max: 100 }) ?? 10
  const [after, before] = [params.text('starting_after'), params.text('ending_before')]
  return { limit, after, before, created: readCreated(params) }
}

function readCreated(params: Params): (time: number) => boolean {
  const range = params.childOrText('created')
  if (range === undefined) return () => true
  if (typeof range === 'string') return (time) => time === Number(range)
  const [gt, gte] = [range.whole('gt') ?? -Infinity, range.whole('gte') ?? -Infinity]
  const [lt, lte] = [range.whole('lt') ?? Infinity, range.whole('lte') ?? Infinity]
  return (time) => time > gt && time >= gte && time < lt && time <= lte
}

/** Cuts a page out of objects given oldest first. */
export function toPage<T extends Stored>(found: readonly T[], window: Window, url: string): Page {
  const newestFirst = found.filter(({ created = 0 }) => window.created(created)).reverse()
  const { after, before, limit } = window
  let from = after === undefined ? 0 : placeOf(newestFirst, after, 'starting_after') + 1
  let to = newestFirst.length
  if (before !== undefined) {
    to = placeOf(newestFirst, before, 'ending_before')
    from = Math.max(0, to - limit)
  }
  const data = newestFirst.slice(from, Math.min(to, from + limit))
  const hasMore = before === undefined ? from + limit < to : from > 0
  return { object: 'list', data, has_more: hasMore, url }
}

function placeOf(found: readonly Stored[], id: string, param: string): number {
  const place = found.findIndex((one) => one.id === id)
  if (place !== -1) return place
  throw new Refusal(`No such object: '${id}'`, { code: 'resource_missing', param })
}

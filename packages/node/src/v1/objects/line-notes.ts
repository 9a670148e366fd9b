/**
 * What is said of lines beyond what the book keeps, such as comment, metadata, start of a membership: by the request of v1
 * that asked for them, or by the v1 that they were imported from.
 */
import { type Line, Malformed, parsePayload } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { isMap, type Json, JsonError, parseJson, printWire, RawJson } from '../codec/json.ts'
import { formatDatetime, parseDatetime, parseText } from '../codec/scalars.ts'
import type { V1Request } from '../store/requests.ts'
import type { V1Store } from '../store/v1-store.ts'
import { transferComment } from './labels.ts'

/** Moments are as answers say them. */
export interface LineNotes {
  /** Never empty. */
  readonly comment: string | null
  readonly metadata: RawJson | null
  /** Start of a membership. */
  readonly start: string | null
  /** Of a line that was imported. */
  readonly past?: {
    readonly checked: string | null
    readonly subscriptionType: string
    readonly subscriptionFirst: string | null
    readonly isRight: boolean
  }
}

export interface NotesMeans {
  readonly book: BookReader
  readonly store: Pick<V1Store, 'requests' | 'past'>
}

/** Which members of a body its route keeps with the lines. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  '/transaction/': ['comment', 'metadata', 'subscription_start_datetime'],
  '/transaction/create_membership/': ['comment', 'metadata', 'subscription_start_datetime'],
  '/transaction/qrcodescanpay/': ['comment', 'metadata'],
  '/transaction/refill_from_lespass_to_user_wallet/': ['metadata'],
}
const BADGE = '/card/badge/'

export function lineNotes(means: NotesMeans, line: Line): LineNotes {
  // The request of its tx, if there was one, did not ask for it.
  const comment = transferComment(line.action)
  if (comment !== undefined) return { comment, metadata: null, start: null }
  return line.imported === undefined ? requestNotes(means, line) : pastNotes(means, line)
}

function pastNotes({ store }: NotesMeans, { id, timeUs }: Line): LineNotes {
  const past = store.past.line(id)
  // What is not in the file, because the file was lost, is said as of any other line.
  const checkedUs = past === undefined ? timeUs : past.checkedUs
  return {
    comment: past?.comment || null,
    metadata: storedRaw(past?.metadata ?? null),
    start: toMoment(past?.subscriptionStartUs ?? null),
    past: {
      checked: toMoment(checkedUs),
      subscriptionType: past?.subscriptionType ?? 'NO',
      subscriptionFirst: toMoment(past?.subscriptionFirstUs ?? null),
      isRight: past?.isRight ?? true,
    },
  }
}

function toMoment(timeUs: number | null): string | null {
  return timeUs === null ? null : formatDatetime(timeUs)
}

/** JSON as v1 stored it, in the form in which v1 answered it. */
function storedRaw(text: string | null): RawJson | null {
  if (text === null) return null
  try {
    // The engine's own parser reads the long text of a till many times faster.
    return toRaw(text.startsWith('"') ? JSON.parse(text) : parseJson(text))
  } catch (cause) {
    if (cause instanceof JsonError || cause instanceof SyntaxError) return toRaw(text)
    throw cause
  }
}

function requestNotes(means: NotesMeans, line: Line): LineNotes {
  const request = means.store.requests.find(line.tx)
  const isMembership = line.action === 'SUB'
  if (request === undefined) {
    const start = isMembership ? startOf(means.book, line) : null
    return { comment: null, metadata: null, start }
  }
  const path = pathOf(request)
  if (path === BADGE) return { comment: null, metadata: toRaw(bodyOf(request)), start: null }
  const kept = KEPT[path] ?? []
  const body = kept.length > 0 ? (request.read ?? textsOf(request, kept) ?? bodyOf(request)) : null
  const member = (name: string): Json => (kept.includes(name) ? memberOf(body, name) : null)
  return {
    comment: parseText(member('comment')) || null,
    metadata: toRaw(member('metadata')),
    start: isMembership ? toStart(member('subscription_start_datetime')) : null,
  }
}

/** The path in the route of a request, which begins with its method. */
function pathOf({ route }: Pick<V1Request, 'route'>): string {
  const path = route.slice(Math.max(route.indexOf('/'), 0))
  const end = path.search(/[ ?]/)
  return end === -1 ? path : path.slice(0, end)
}

/** A member of an object that was read; null when it has none. */
function memberOf(body: Json, name: string): Json {
  return (isMap(body) ? body.get(name) : undefined) ?? null
}

function toRaw(value: Json): RawJson | null {
  return value === null ? null : new RawJson(printWire(value))
}

function toStart(text: Json): string | null {
  const moment = typeof text === 'string' ? parseDatetime(text.trim()) : undefined
  return moment === undefined ? null : formatDatetime(moment.timeUs)
}

/** As the action in the book says it, in milliseconds. */
function startOf(book: BookReader, line: Line): string | null {
  const payload = parsePayload(book.tx(line.tx)?.json ?? '')
  if (payload === undefined || payload instanceof Malformed) return null
  const action = payload.actions[line.actionIndex]
  return action?.kind === 'subscribe' ? formatDatetime(action.startMs * 1_000) : null
}

function bodyOf({ body }: V1Request): Json {
  return parseJson(body)
}

/**
 * The same members when all of them are texts or absent, as tills send them: the engine's own parser reads a long text
 * many times faster, and only numbers and the order of members need ours.
 */
function textsOf({ body }: V1Request, names: readonly string[]): Json | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
  if (typeof value !== 'object' || value === null) return undefined
  const members = new Map<string, Json>()
  for (const name of names) {
    const member = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null
    if (member !== null && typeof member !== 'string') return undefined
    members.set(name, member)
  }
  return members
}

/** `POST /card/`: cards that a place brings, with the ids that LaBoutik gives them. All of them in one tx, or none. */
import {
  type Action,
  type AssetId,
  type BatchId,
  type CardId,
  cardWalletId,
  deriveId,
  type PlaceId,
  type TxId,
} from '@fedow/ledger'
import {
  check,
  type Field,
  flag,
  integer,
  listOf,
  nullable,
  optional,
  type Shape,
  text,
  tryList,
  uuid,
} from '../codec/fields.ts'
import { isList, type Json } from '../codec/json.ts'
import { notUnique } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { isV1Kind } from '../objects/labels.ts'
import { V1Refusal } from '../refusal.ts'
import type { PlaceCall, V1Answer } from '../route.ts'
import {
  leaveCardBatch,
  settleCardBatch,
  settleLeft,
  writeCardBatch,
} from '../store/card-batches.ts'
import { V1_TAG } from './card-fields.ts'
import { actionsOf, idOf } from './ordered.ts'

/** Most cards of one request. Of so many, 200 may be primary: a tx has no room for more ids. */
const CARDS_MAX = 1_000
const IDS_MAX = 1_200
/** Most cards that one `card-primary` names. */
const PRIMARIES_MAX = 100

interface CardFields {
  readonly uuid: CardId | undefined
  readonly first_tag_id: string
  readonly complete_tag_id_uuid: string | null | undefined
  readonly qrcode_uuid: string
  readonly number_printed: string
  readonly generation: number
  readonly is_primary: boolean
  readonly tokens_uuid: readonly TokenFields[] | null | undefined
}

interface TokenFields {
  readonly asset_uuid: AssetId
  readonly token_uuid: string
}

interface CardOrder {
  readonly id: TxId
  readonly place: PlaceId
  readonly fields: readonly CardFields[]
}

/** Registers the cards of a body, all or none, and answers how many. */
export async function registerCards(call: PlaceCall): Promise<V1Answer> {
  const { means, body, place } = call
  const id = idOf(call)
  if (isList(body) && body.length === 0) return { status: 201, body: '0' }
  const batch = deriveId<BatchId>(means.hash, 'v1-cards', id)
  try {
    const stored = await call.order(
      () => {
        settleLeft(means.book, means.directory)
        return begin(means, batch, { id, place, fields: readCards(means, body) })
      },
      { id },
    )
    means.directory.markRegistered(batch)
    const registered = actionsOf(stored).find((action) => action.kind === 'cards-register')
    return { status: 201, body: String(registered?.cards.length ?? 0) }
  } catch (cause) {
    giveUp(means, batch, cause)
    throw cause
  }
}

/** Throws V1Refusal: 409 when there is a card with one of the ids already, as both clients take it, else 400. */
function readCards(means: V1Means, body: Json): readonly CardFields[] {
  if (isList(body) && body.length > CARDS_MAX) tooMany()
  const known = new Known(means)
  const reading = tryList<CardFields>(body, shapeOf(known))
  if (reading.errors !== undefined) throw new V1Refusal(known.isFound ? 409 : 400, reading.errors)
  const fields = reading.value
  if (fields.length + fields.filter((one) => one.is_primary).length > IDS_MAX) tooMany()
  for (const { asset_uuid: id } of fields.flatMap((one) => one.tokens_uuid ?? [])) {
    const kind = means.book.state.get('asset', id)?.kind
    if (!isV1Kind(kind)) throw new V1Refusal(400, ['Asset does not exist'])
  }
  return fields
}

function tooMany(): never {
  const most = `At most ${CARDS_MAX} cards a request, and ${IDS_MAX} with its primary cards counted twice.`
  throw new V1Refusal(400, [`${most} No card was registered: send them in several requests.`])
}

/** Ids that are taken: by a card that is there, or earlier in the same request. */
class Known {
  readonly #means: V1Means
  readonly #seen = new Set<string>()
  /** True once an id was that of a card that is there. */
  isFound = false

  constructor(means: V1Means) {
    this.#means = means
  }

  /** A field with an id; `name` is how v1 spells it in messages. */
  unique<T extends string | undefined>(
    of: Field<T>,
    name: string,
    isThere: (means: V1Means, value: string) => boolean,
  ): Field<T> {
    return check(of, (value) => {
      if (isThere(this.#means, value)) {
        this.isFound = true
        return notUnique(name)
      }
      const key = `${name} ${value.toUpperCase()}`
      if (this.#seen.has(key)) return 'Cette valeur vient deux fois dans la requête.'
      this.#seen.add(key)
      return undefined
    })
  }
}

function shapeOf(known: Known): Shape<CardFields> {
  let generation: number | undefined
  return {
    uuid: known.unique(optional(uuid<CardId>()), 'uuid', isCard),
    first_tag_id: known.unique(
      eightDigits(),
      'first tag id',
      ({ directory }, tag) => directory.byFirstDigits(tag) !== undefined,
    ),
    complete_tag_id_uuid: optional(nullable(uuid())),
    qrcode_uuid: known.unique(
      uuid(),
      'qrcode uuid',
      ({ directory }, qr) => directory.byQr(qr) !== undefined,
    ),
    number_printed: known.unique(
      eightDigits(),
      'number printed',
      ({ directory }, number) => directory.byNumber(number) !== undefined,
    ),
    generation: check(integer({ min: 0, max: 1_000_000 }), (one) => {
      generation ??= one
      return one === generation ? undefined : 'One generation per request'
    }),
    is_primary: flag(),
    tokens_uuid: optional(nullable(listOf({ asset_uuid: uuid<AssetId>(), token_uuid: uuid() }))),
  }
}

function isCard({ directory, book }: V1Means, id: string): boolean {
  return directory.byCard(id as CardId) !== undefined || book.state.get('card', id) !== undefined
}

/** A tag, or a printed number. */
function eightDigits(): Field<string> {
  return check(text({ max: 8 }), (digits) =>
    V1_TAG.test(digits) ? undefined : 'Huit chiffres hexadécimaux sont attendus.',
  )
}

/** Writes the cards down, and answers the actions that tell the book. */
function begin(means: V1Means, batch: BatchId, order: CardOrder): readonly Action[] {
  const { directory, hash, now, store } = means
  const { place, fields } = order
  const cards = fields.map((one, index) => toCard(means, one, { id: order.id, index }))
  const generation = fields[0]?.generation ?? 0
  const about = { batch, place, generation, createdMs: now(), cards }
  const facts = writeCardBatch(directory, about, hash)
  const ids = cards.map(({ card }) => card)
  for (const [index, { tokens_uuid: tokens }] of fields.entries()) {
    const wallet = cardWalletId(hash, ids[index] as CardId, 0)
    for (const one of tokens ?? []) store.tokens.give(wallet, one.asset_uuid, one.token_uuid)
  }
  const primaries = ids.filter((_, index) => fields[index]?.is_primary)
  return [
    { kind: 'cards-register', ...facts, offset: 0, cards: ids },
    ...chunksOf(primaries).map(
      (of) => ({ kind: 'card-primary', place, cards: of, primary: true }) as const,
    ),
  ]
}

/** One that came without an id has one that follows from the tx. */
function toCard(
  { hash, random }: V1Means,
  fields: CardFields,
  { id, index }: { readonly id: TxId; readonly index: number },
) {
  return {
    card: fields.uuid ?? deriveId<CardId>(hash, 'v1-card', id, index),
    tag: fields.first_tag_id.toUpperCase(),
    number: fields.number_printed.toUpperCase(),
    qr: fields.qrcode_uuid,
    salt: random(16),
  }
}

function chunksOf(ids: readonly CardId[]): readonly (readonly CardId[])[] {
  const count = Math.ceil(ids.length / PRIMARIES_MAX)
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * PRIMARIES_MAX, (index + 1) * PRIMARIES_MAX),
  )
}

/** Takes back the batch of a request that was refused, when it is certain that the book has not got it. */
function giveUp({ book, directory }: V1Means, batch: BatchId, cause: unknown): void {
  const isCertain = cause instanceof V1Refusal && cause.status < 500
  if (isCertain || book.state.get('batch', batch) !== undefined) {
    settleCardBatch(book, directory, batch)
  } else {
    leaveCardBatch(book, directory, batch)
  }
}

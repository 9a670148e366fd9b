/** How places make assets and retire them. */
import {
  type Action,
  type AssetId,
  acceptedAssets,
  assert,
  type PlaceId,
  type TxId,
} from '@fedow/ledger'
import { assetIdOf } from '../../gateway/registry-intents.ts'
import {
  as,
  check,
  choice,
  datetime,
  type Field,
  optional,
  readFields,
  text,
  uuid,
} from '../codec/fields.ts'
import { isMap, type Json } from '../codec/json.ts'
import { BLANK, notFound, tooLong } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import type { V1Means } from '../means.ts'
import { isV1Kind } from '../objects/labels.ts'
import { refuseWithDetail, V1Refusal } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route } from '../route.ts'
import { idOf, linesOf } from './ordered.ts'

/** Kinds that a place makes: the federated euro is made with the network. */
const KINDS = ['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB'] as const
const MONEY: readonly string[] = ['TLF', 'TNF', 'TIM', 'FID']
const MEMBERSHIPS: readonly string[] = ['SUB', 'BDG']

const NAME_MAX = 100
const CODE_MAX = 3

interface AssetOrder {
  readonly id: TxId
  readonly place: PlaceId
  readonly body: Json
}

async function createAsset(call: PlaceCall): Promise<V1Answer> {
  const { means, place, body } = call
  const id = idOf(call)
  const stored = await call.order(() => [toCreation(means, { id, place, body })], { id })
  const [first] = linesOf(stored)
  assert(first !== undefined, 'a new asset has its first line')
  return { status: 201, body: means.objects.asset(first.asset) }
}

/** The same for some kinds only. */
function createOneOf(kinds: readonly string[], refusal: string) {
  return (call: PlaceCall): Promise<V1Answer> => {
    const { body } = call
    const kind = isMap(body) ? body.get('category') : undefined
    if (typeof kind !== 'string' || !kinds.includes(kind)) throw new V1Refusal(400, refusal)
    return createAsset(call)
  }
}

function toCreation(means: V1Means, { id, place, body }: AssetOrder): Action {
  const { state } = means.book
  const fields = readFields(body, {
    uuid: check(optional(uuid<AssetId>()), (one) =>
      state.get('asset', one) === undefined
        ? undefined
        : 'Un objet asset avec ce champ uuid existe déjà.',
    ),
    name: check(nameText(), (name) =>
      isNameTaken(means, place, name) ? 'Asset already exists' : undefined,
    ),
    // Both clients would take another asset of that code for the federated euro.
    currency_code: check(codeText(), (code) =>
      code === 'FED' ? 'Ce code est celui de la monnaie fédérée.' : undefined,
    ),
    category: choice(KINDS),
    created_at: optional(datetime()),
  })
  const { created_at: createdUs } = fields
  return {
    kind: 'asset-create',
    asset: fields.uuid ?? assetIdOf(means, id),
    place,
    assetKind: fields.category,
    name: fields.name,
    code: fields.currency_code,
    ...(createdUs !== undefined && {
      createdUs: Math.min(Math.max(createdUs, 0), means.now() * 1_000),
    }),
  }
}

/** What no name in the book has: characters that nobody sees, such as those that join two pictures. */
const INVISIBLE = /[\p{Cf}\p{Cs}]/gu
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

function nameText(): Field<string> {
  return check(as(text({ max: NAME_MAX }), clean), (name) => {
    if (name === '') return BLANK
    return name.length > NAME_MAX ? tooLong(NAME_MAX) : undefined
  })
}

/** In capitals; one that grows by that, as `ß` does, is cut. */
function codeText(): Field<string> {
  const capitals = as(text({ max: CODE_MAX }), (code) => cut(clean(code).toUpperCase()))
  return check(capitals, (code) => (code === '' ? BLANK : undefined))
}

function clean(written: string): string {
  return written.replace(INVISIBLE, '').replace(BREAKS, ' ').trim()
}

function cut(code: string): string {
  let kept = ''
  for (const character of code) {
    if (kept.length + character.length > CODE_MAX) break
    kept += character
  }
  return kept.trim()
}

/**
 * A till keeps assets under their names: no two that a place accepts may share one, nor may a new one have that of an
 * asset which the place has archived.
 */
function isNameTaken({ book }: V1Means, id: PlaceId, name: string): boolean {
  const { state } = book
  const record = state.get('place', id)
  if (record === undefined) return false
  const held = state.get('wallet', record.wallet)?.assets ?? []
  const own = held.filter((asset) => state.get('asset', asset)?.issuer === id)
  const seen = [...own, ...acceptedAssets(state, { id, record })]
  return seen.some((asset) => state.get('asset', asset)?.name === name)
}

/** Retires an asset of the place, for ever. */
async function archiveAsset(call: PlaceCall): Promise<V1Answer> {
  const { means, params, place } = call
  const id = parseUuid(params['uuid'] ?? '') as AssetId | undefined
  const asset = id && means.book.state.get('asset', id)
  if (id === undefined || asset === undefined || !isV1Kind(asset.kind)) {
    return refuseWithDetail(404, notFound('Asset'))
  }
  if (asset.issuer !== place) throw new V1Refusal(403, 'FORBIDDEN')
  if (!asset.archived) await call.order(() => [{ kind: 'asset-archive', asset: id }])
  return { status: 200, body: 'ARCHIVED' }
}

const POST = 'POST'

export const assetWriteRoutes: readonly V1Route[] = [
  route({
    method: POST,
    path: '/asset/',
    access: 'place-signature',
    keepsAnswer: true,
    answer: createAsset,
  }),
  route({
    method: POST,
    path: '/asset/create_token_asset/',
    access: 'place',
    answer: createOneOf(MONEY, 'not a good category asset'),
  }),
  route({
    method: POST,
    path: '/asset/create_membership_asset/',
    access: 'place',
    answer: createOneOf(MEMBERSHIPS, 'not a sub asset'),
  }),
  route({
    method: 'GET',
    path: '/asset/:uuid/archive_asset/',
    access: 'place',
    hasEffect: true,
    answer: archiveAsset,
  }),
]

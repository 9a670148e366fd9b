import type { AssetId, CardId, WalletId } from '@fedow/ledger'
import { Refusal } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { Denied } from '../../gateway/denial.ts'
import { V1Refusal } from '../refusal.ts'
import { refusalOf, toRefusal } from './rejections.ts'

const asset = 'aaaaaaaa-0000-4000-8000-000000000001' as AssetId
const wallet = 'bbbbbbbb-0000-4000-8000-000000000001' as WalletId
const card = 'cccccccc-0000-4000-8000-000000000001' as CardId

describe('what the book rejects', () => {
  it('is said in v1’s words where it has some', () => {
    expect(refusalOf({ code: 'insufficient_balance', wallet, asset, missing: 1n })).toMatchObject({
      status: 400,
      body: { non_field_errors: ['Not enough token on sender wallet'] },
    })
    expect(refusalOf({ code: 'asset_archived', asset })).toMatchObject({
      status: 400,
      body: { asset: [`Clé primaire «\u00a0${asset}\u00a0» non valide - l'objet n'existe pas.`] },
    })
    expect(refusalOf({ code: 'card_not_found', card })).toMatchObject({
      status: 404,
      body: { detail: 'No Card matches the given query.' },
    })
  })

  it('is said in our sentence where v1 has none', () => {
    const limit = { code: 'limit_exceeded', limit: 'card_day', left: 1_250n } as const
    const { status, body } = refusalOf(limit)
    expect(status).toBe(400)
    expect(body).toEqual({ non_field_errors: [expect.stringContaining('12.50 is left')] })
  })

  it('and what is refused elsewhere is JSON too; a fault of ours is neither', () => {
    const refused = new V1Refusal(418, 'x')
    expect(toRefusal(refused)).toBe(refused)
    expect(toRefusal(new Refusal({ code: 'card_lost', card }))?.status).toBe(400)
    expect(toRefusal(new Denied({ code: 'card_unknown' }))?.status).toBe(404)
    expect(toRefusal(new Denied({ code: 'idempotency_key_reused' }))?.status).toBe(403)
    const malformed = { code: 'malformed', where: '$.name', expected: 'a text' } as const
    expect(toRefusal(new Denied(malformed))?.status).toBe(400)
    expect(toRefusal(new Error('a bug'))).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { parseJson } from '../codec/json.ts'
import { type Metadata, metadataFault, onceKeys, stripeKeys } from './reward-keys.ts'

const ID = '8b1f2b0e-0c2b-4f6e-9a46-2f4f5c1f7a11'

function metadata(value: unknown): Metadata {
  return parseJson(JSON.stringify(value)) as Metadata
}

const paid = {
  ligne_article_uuid: ID,
  membership_uuid: ID,
  product_uuid: ID,
  price_uuid: ID,
}

describe('the metadata of a reward', () => {
  it.each([
    ['an order line', paid],
    ['an order line with more', { ...paid, checkout_session_id_stripe: 'cs_1', other: [] }],
    ['a scanned ticket', { rewarded_from_ticket_scanned: { sent_at: '2026-06-01' } }],
    ['a gift', { rewarded_from_ticket_scanned: true, idempotency_key: 'gift-1' }],
  ])('is good for %s', (_, value) => {
    expect(metadataFault(metadata(value))).toBeUndefined()
  })

  it.each([
    [{ ...paid, product_uuid: undefined }, 'No data in metadata for product_uuid'],
    [{ ...paid, product_uuid: null }, 'No data in metadata for product_uuid'],
    [{ ...paid, membership_uuid: '' }, 'No data in metadata for membership_uuid'],
    [{ ...paid, membership_uuid: 'x' }, 'No UUID in metadata for membership_uuid'],
    [{ rewarded_from_ticket_scanned: {} }, 'No data in metadata for ligne_article_uuid'],
    [{ rewarded_from_ticket_scanned: 0 }, 'No data in metadata for ligne_article_uuid'],
    [[paid], 'Metadata must be an object'],
    [
      { ...paid, invoice_stripe_id: 'i'.repeat(256) },
      'Assurez-vous que ce champ comporte au plus 255\u00a0caractères.',
    ],
  ])('is refused: %j', (value, message) => {
    expect(metadataFault(metadata(value))).toBe(message)
  })

  it('names a paid reward by its order line, a scanned one by its own key alone', () => {
    const stripe = { checkout_session_id_stripe: 'cs_1', invoice_stripe_id: '' }
    expect(onceKeys(metadata({ ...paid, idempotency_key: 7 }))).toEqual([
      { name: 'idempotency_key', text: '7' },
      { name: 'ligne_article_uuid', text: ID },
    ])
    expect(stripeKeys(metadata({ ...paid, ...stripe }))).toEqual([
      { name: 'checkout_session_id_stripe', text: 'cs_1' },
    ])
    const scanned = metadata({ ...paid, ...stripe, rewarded_from_ticket_scanned: { sent_at: 'x' } })
    expect([...onceKeys(scanned), ...stripeKeys(scanned)]).toEqual([])
  })
})

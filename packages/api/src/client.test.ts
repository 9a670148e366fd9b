import type { PlaceId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { getCard } from './card.ts'
import {
  type ApiRequest,
  type ApiResponse,
  type CallInput,
  createClient,
  NoAnswerError,
  ProblemError,
} from './client.ts'
import { listLines } from './line.ts'
import { postSale } from './money.ts'
import { newTxId } from './new-id.ts'
import { rejectionProblem } from './problem.ts'
import { getReceipt } from './receipt.ts'

const PLACE = '0190b0b0-0000-7000-8000-000000000001' as PlaceId

function clientThat(answer: () => ApiResponse | Error) {
  const sent: ApiRequest[] = []
  const transport = async (request: ApiRequest) => {
    sent.push(request)
    const given = answer()
    if (given instanceof Error) throw given
    return given
  }
  return { sent, client: createClient({ transport, apiKey: 'fedow_a_b' }) }
}

const sale: CallInput<typeof postSale> = { body: { place: PLACE, card: 'AABBCCDD', amount: 100 } }

describe('a client', () => {
  it('writes parameters, query, body, key and API key where the route wants them', async () => {
    const { sent, client } = clientThat(() => ({ status: 200, body: '{}' }))
    await client.call(getCard, { params: { card: 'https://a.example/qr/x?y' } })
    await client.call(listLines, { query: { limit: 2 } })
    const key = newTxId()
    await client.call(postSale, { ...sale, key })
    const [card, lines, paid] = sent
    expect(card?.path).toBe('/api/v2/cards/https%3A%2F%2Fa.example%2Fqr%2Fx%3Fy')
    expect(lines).toMatchObject({ method: 'GET', path: '/api/v2/lines?limit=2' })
    expect(lines?.headers).not.toHaveProperty('idempotency-key')
    expect(paid?.headers).toMatchObject({
      'idempotency-key': key,
      authorization: 'Bearer fedow_a_b',
      'content-type': 'application/json',
    })
    expect(JSON.parse(paid?.body ?? '')).toEqual(sale.body)
  })

  it('makes a new key for each gesture that brings none', async () => {
    const { sent, client } = clientThat(() => ({ status: 200, body: '{}' }))
    await client.call(postSale, sale)
    await client.call(postSale, sale)
    const keys = sent.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
  })

  it('answers a file as it came, to the byte', async () => {
    const body = '{"b":1,"a":2}'
    const { client } = clientThat(() => ({ status: 200, body }))
    expect(await client.call(getReceipt, { params: { tx: newTxId() } })).toBe(body)
  })

  it('throws a problem with its sentences', async () => {
    const problem = rejectionProblem({ code: 'amount_must_be_positive' }, { requestId: 'r-1' })
    const { client } = clientThat(() => ({ status: 409, body: JSON.stringify(problem) }))
    const failure = await client.call(postSale, sale).catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(ProblemError)
    expect((failure as ProblemError).problem).toEqual(problem)
    expect((failure as ProblemError).message).toContain('at least 0.01')
  })

  it.each([
    ['nothing', () => new TypeError('refused')],
    ['a page of another program', () => ({ status: 502, body: '<html>' })],
    ['half an answer', () => ({ status: 200, body: '{"txId":' })],
  ])('keeps the key when %s comes back: asking again finds the truth', async (_, answer) => {
    const { sent, client } = clientThat(answer)
    const failure = await client.call(postSale, sale).catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(NoAnswerError)
    const { txId } = failure as NoAnswerError
    expect(txId).toBe(sent[0]?.headers['idempotency-key'])
  })
})

describe('a new tx id', () => {
  it('is a UUID of version 7 that grows with time', () => {
    const ids = [1, 2, 1_900_000_000_000].map((timeMs) => newTxId(timeMs))
    expect(ids.toSorted()).toEqual(ids)
    for (const id of [...ids, newTxId()]) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    expect(newTxId(1_900_000_000_000).slice(0, 13)).toBe('01ba60d3-3800')
  })
})

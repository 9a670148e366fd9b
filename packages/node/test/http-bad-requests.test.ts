import { connect } from 'node:net'
import { isProblem, newTxId, type Problem, ROUTES, type Route } from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, type World } from './http-world.ts'

let server: TestServer
let bar: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

async function send(path: string, { method = 'GET', headers = {}, body }: Sent = {}) {
  const response = await fetch(server.origin + path, {
    method,
    headers: {
      authorization: `Bearer ${bar.manager.key}`,
      ...(method === 'POST' && { 'idempotency-key': newTxId() }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return { response, text }
}

/** Everything that is not 200 is a whole problem, as its own media type. */
function expectProblem({ response, text }: Awaited<ReturnType<typeof send>>): Problem {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem: unknown = JSON.parse(text)
  if (!isProblem(problem)) throw new Error(`not a problem: ${text}`)
  expect(problem.status).toBe(response.status)
  expect(problem.type).toBe(`urn:fedow:problem:${problem.code}`)
  for (const sentence of [problem.title, problem.detail, problem.fix, problem.requestId]) {
    expect(sentence.length).toBeGreaterThan(3)
  }
  expect(text).not.toMatch(/node_modules|\.ts:|at \w+ \(/)
  return problem
}

const JSON_TYPE = { 'content-type': 'application/json' }
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

/** Bodies that no route takes. */
const ODD_BODIES: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a number', '0'],
  ['null', 'null'],
  ['a list', '[]'],
  ['half an object', '{"place":'],
  ['an unknown member', '{"surprise":1}'],
  ['a member twice', '{"name":"a","name":"b"}'],
  ['__proto__', '{"__proto__":{"place":1}}'],
  ['deep nesting', `${'['.repeat(40)}${']'.repeat(40)}`],
  ['a very deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['a fraction', '{"amount":1.5}'],
  ['an exponent', '{"amount":1e3}'],
  ['minus zero', '{"amount":-0}'],
  ['an unpaired surrogate', '{"name":"\\ud800"}'],
  ['wrong types', '{"place":1,"card":{},"amount":"1","asset":[],"wallet":true,"on":null,"x":0}'],
]

function addressOf({ url }: Route, value: string): string {
  return url.replace(/:\w+/g, value)
}

/** Routes that another specification has answer in text are apart. */
const NAMED = ROUTES.map((route) => [`${route.method} ${route.url}`, route] as const)

describe.each(NAMED.filter(([, { texts = [] }]) => texts.length > 0))('%s', (_, route) => {
  it.each(ODD_BODIES)('refuses %s, in text', async (_name, body) => {
    const { response, text } = await send(route.url, { method: 'POST', headers: JSON_TYPE, body })
    if (response.status === 413) return void expectProblem({ response, text })
    expect(route.texts).toContain(response.status)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(text).toMatch(/^[ -~]{10,200}\n$/)
  })
})

describe.each(NAMED.filter(([, { texts = [] }]) => texts.length === 0))('%s', (_, route) => {
  const { method } = route

  it.each([
    'x',
    UNKNOWN,
    '%00',
    '%F0%9F%92%B6',
    "'; DROP TABLE tx --",
    '..%2f..%2f',
    '9'.repeat(390),
  ])('answers the address with %s', async (value) => {
    for (const query of ['', `?limit=0&before=x&after=${'z'.repeat(50)}&place=1&on=x&cursor=0`]) {
      const body = method === 'POST' ? { headers: JSON_TYPE, body: '{}' } : {}
      const sent = await send(addressOf(route, encodeURI(value).replaceAll('%25', '%')) + query, {
        method,
        ...body,
      })
      expect(sent.response.status).toBeLessThan(500)
      if (sent.response.status !== 200) expectProblem(sent)
    }
  })

  if (method !== 'POST') return

  it.each(ODD_BODIES)('refuses %s', async (_name, body) => {
    const sent = await send(addressOf(route, UNKNOWN), { method, headers: JSON_TYPE, body })
    const { status } = expectProblem(sent)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  it('refuses bytes that are not UTF-8, and other formats', async () => {
    const path = addressOf(route, UNKNOWN)
    const bytes = Uint8Array.of(0x22, 0xff, 0x22)
    expect(
      expectProblem(await send(path, { method, headers: JSON_TYPE, body: bytes })).status,
    ).toBeLessThan(500)
    const headers = { 'content-type': 'application/xml' }
    expect([403, 415]).toContain(
      expectProblem(await send(path, { method, headers, body: '<a/>' })).status,
    )
  })

  if (!route.makesTx) return

  it.each([
    ['no key', undefined],
    ['a key that is no UUID', 'x'],
    ['a key with more behind it', `${UNKNOWN}, ${UNKNOWN}`],
  ])('refuses %s', async (_name, key) => {
    const response = await fetch(server.origin + addressOf(route, UNKNOWN), {
      method,
      headers: {
        ...JSON_TYPE,
        authorization: `Bearer ${bar.manager.key}`,
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body: '{}',
    })
    const { status } = expectProblem({ response, text: await response.text() })
    expect([400, 403, 404]).toContain(status)
  })
})

describe('the server', () => {
  it('says that a key is missing, before it reads anything else of a right request', async () => {
    const response = await fetch(`${server.origin}/api/v2/sales`, {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization: `Bearer ${bar.manager.key}` },
      body: JSON.stringify({ place: bar.place, card: bar.tags[0], amount: 1 }),
    })
    const problem = expectProblem({ response, text: await response.text() })
    expect(problem).toMatchObject({ status: 400, code: 'idempotency_key_missing' })
  })

  it('says that an address is unknown, or answers other methods', async () => {
    expect(expectProblem(await send('/api/v2/nothing'))).toMatchObject({ code: 'route_not_found' })
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const sent = await send('/api/v2/sales', { method })
      expect(expectProblem(sent)).toMatchObject({ status: 405, code: 'method_not_allowed' })
      expect(sent.response.headers.get('allow')).toBe('POST')
    }
  })

  it('refuses more than a mebibyte', async () => {
    const body = `{"tx":"${'x'.repeat(1_100_000)}"}`
    const sent = await send('/api/v2/txs', { method: 'POST', headers: JSON_TYPE, body })
    expect(expectProblem(sent)).toMatchObject({ status: 413, code: 'body_too_large' })
  })

  it('takes a card file larger than a mebibyte, and no more than it says', async () => {
    const path = `/api/v2/cards/import?place=${bar.place}&generation=1`
    const headers = { 'content-type': 'text/csv' }
    const body = 'not a card\n'.repeat(110_000)
    const { response, text } = await send(path, { method: 'POST', headers, body })
    expect(response.status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ rows: 0 })
  })

  it('answers a line that is no HTTP', async () => {
    const { port } = new URL(server.origin)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'))
    let text = ''
    socket.on('data', (part) => {
      text += part.toString()
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
    expect(await promise).toContain('400 Bad Request')
    socket.destroy()
  })

  it('keeps serving after all of this', async () => {
    expect((await send('/readyz')).text).toBe('{"status":"ready"}')
  })
})

/** One signature does one thing, once: on a wire with a few routes of the test's own. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Action, type Amount, type AssetId, deriveId, type TxId } from '@fedow/ledger'
import fastify from 'fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../src/store/hash.ts'
import { refuseRule } from '../src/v1/refusal.ts'
import { type PlaceCall, route, type V1Route, type WalletCall } from '../src/v1/route.ts'
import { registerV1 } from '../src/v1/server.ts'
import { openV1Store, V1_FILE } from '../src/v1/store/v1-store.ts'
import { startServer } from './http-server.ts'
import { newId } from './test-network.ts'
import { LaBoutik, type Lespass, naiveDate, sendTo } from './v1-clients.ts'
import { rsaKey, type TestCard, type TestPlace, V1World } from './v1-world.ts'

/** A wire with a till, a card and money, where `/refill/` refills the card by 1.00. */
interface Trial {
  readonly world: V1World
  readonly place: TestPlace
  readonly till: LaBoutik
  readonly asset: AssetId
  readonly card: TestCard
  readonly origin: string
  /** How often each path was answered by its route. */
  readonly runs: Map<string, number>
  /** `/slow/` answers when it is open. */
  readonly door: PromiseWithResolvers<void>
  /** While true, `/refill/` refuses. */
  isClosed: boolean
  /** While true, the book rejects what `/refill/` asks for. */
  isUnknown: boolean
  balance(): bigint
}

const ending: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

async function start(wrap?: Parameters<typeof startServer>[0]): Promise<Trial> {
  const world = new V1World(await startServer(wrap))
  ending.push(() => world[Symbol.asyncDispose]())
  const place = await world.openPlace()
  const asset = await world.asset(place)
  const [card] = await world.cards(place)
  if (card === undefined) throw new Error('a card was made')
  const runs = new Map<string, number>()
  const app = fastify()
  const door = Promise.withResolvers<void>()
  const trial = { world, place, asset, card, runs, door, isClosed: false, isUnknown: false }
  registerV1(app, world.means, routesOf(trial))
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  ending.push(() => app.close())
  const till = new LaBoutik({ ...world.till(place), origin, rsa: rsaKey(0) })
  const balance = () => world.balance(world.walletOf(card), asset)
  return Object.assign(trial, { origin, till, balance })
}

function routesOf(
  trial: Pick<Trial, 'asset' | 'card' | 'runs' | 'door' | 'isClosed' | 'isUnknown'>,
): V1Route[] {
  const { runs } = trial
  const count = (path: string) => runs.set(path, (runs.get(path) ?? 0) + 1)
  const refill = async (call: PlaceCall) => {
    count('/refill/')
    const { card } = trial
    const asset = trial.isUnknown ? newId<AssetId>() : trial.asset
    const actions = (): Action[] => {
      if (trial.isClosed) refuseRule('Closed')
      const amount = BigInt((call.body as ReadonlyMap<string, bigint>).get('amount') ?? 100n)
      return [{ kind: 'refill', asset, to: { card: card.card }, amount: amount as Amount }]
    }
    const stored = await call.order(actions, { isPure: true })
    const { outcome } = stored
    const lines = outcome.status === 'applied' ? outcome.lines : []
    return { status: 205, body: lines.map(({ id, hash }) => ({ id, hash })) }
  }
  const slow = async () => {
    count('/slow/')
    await trial.door.promise
    return { status: 200, body: runs.get('/slow/') ?? 0 }
  }
  const look = (path: string) => () => ({ status: 200, body: [path, count(path).get(path) ?? 0] })
  const person = ({ wallet }: WalletCall) => ({ status: 200, body: wallet })
  return [
    route({ method: 'POST', path: '/refill/', access: 'place-signature', answer: refill }),
    route({ method: 'POST', path: '/refill/again/', access: 'place-signature', answer: refill }),
    route({ method: 'POST', path: '/note/', access: 'place-signature', answer: look('/note/') }),
    route({ method: 'POST', path: '/slow/', access: 'place-signature', answer: slow }),
    route({ method: 'GET', path: '/look/', access: 'place-signature', answer: look('/look/') }),
    route({ method: 'GET', path: '/peek/', access: 'place-signature', answer: look('/peek/') }),
    route({ method: 'GET', path: '/me/', access: 'wallet', answer: person }),
    route({ method: 'GET', path: '/mine/', access: 'place-and-wallet', answer: person }),
    route({
      method: 'GET',
      path: '/badge/',
      access: 'place-and-wallet',
      hasEffect: true,
      answer: look('/badge/'),
    }),
  ]
}

describe('a signed request with an effect', () => {
  it('has its effect once, and the same answer every time', async () => {
    const trial = await start()
    const { till, balance } = trial
    const asked = till.signedPost('/refill/', { amount: 100 })
    const first = await till.send(asked)
    expect([first.status, first.json.length]).toEqual([205, 2])
    expect(first.headers['content-length']).toBe(String(first.text.length))
    for (let again = 0; again < 3; again += 1) {
      const { status, text } = await till.send(asked)
      expect([status, text]).toEqual([first.status, first.text])
    }
    expect(balance()).toBe(100n)
  })

  it('is held while the first of the same signature runs', async () => {
    const { till, balance } = await start()
    const asked = till.signedPost('/refill/', { amount: 100 })
    const all = await Promise.all(Array.from({ length: 20 }, () => till.send(asked)))
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(balance()).toBe(100n)
  })

  it('is done once when it makes no tx and comes again before it is answered', async () => {
    const { till, runs, door } = await start()
    const asked = till.signedPost('/slow/', {})
    const first = till.send(asked)
    await vi.waitFor(() => expect(runs.get('/slow/')).toBe(1))
    const others = Array.from({ length: 20 }, () => till.send(asked))
    // What came before these has been looked at when they are answered.
    for (let look = 0; look < 3; look += 1) await till.send(till.signedGet('/look/'))
    door.resolve()
    const { status, text } = await first
    for (const other of await Promise.all(others)) {
      expect([other.status, other.text]).toEqual([status, text])
    }
    expect(runs.get('/slow/')).toBe(1)
  })

  it('passes each time it is signed afresh', async () => {
    const { till, balance } = await start()
    const all = await Promise.all(
      Array.from({ length: 5 }, () => till.post('/refill/', { amount: 100 })),
    )
    expect(new Set(all.map(({ text }) => text)).size).toBe(5)
    expect(balance()).toBe(500n)
  })

  it('may be signed as it comes, however it is spelled', async () => {
    const { till, balance } = await start()
    const body = '{ "amount" :100 }'
    const signature = till.rsa.sign(Buffer.from(body).toBase64({ alphabet: 'base64url' }))
    const asked = till.signedPost('/refill/', { amount: 7 })
    const spelled = { ...asked, body, headers: { ...asked.headers, signature } }
    expect((await till.send(spelled)).status).toBe(205)
    expect((await till.send({ ...spelled, body: '{ "amount" :101 }' })).status).toBe(403)
    expect(balance()).toBe(100n)
  })

  it('is refused on another route, and with another spelling of the same signature', async () => {
    const { till, balance } = await start()
    const asked = till.signedPost('/refill/', { amount: 100 })
    const first = await till.send(asked)
    for (const path of ['/refill/again/', '/note/', '/refill/?again']) {
      expect((await till.send({ ...asked, path })).status).toBe(403)
    }
    const signature = (asked.headers['signature'] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const spelled = { ...asked, headers: { ...asked.headers, signature: `${signature} ` } }
    expect((await till.send(spelled)).text).toBe(first.text)
    const spaced = { ...asked, body: '{ "amount" :100 }' }
    expect((await till.send(spaced)).text).toBe(first.text)
    const other = { ...asked, body: '{"amount": 101}' }
    expect((await till.send(other)).status).toBe(403)
    expect(balance()).toBe(100n)
  })

  it('stays refused when what it was refused for has passed', async () => {
    const trial = await start()
    const { till, balance } = trial
    trial.isClosed = true
    const asked = till.signedPost('/refill/', { amount: 100 })
    const refused = await till.send(asked)
    expect([refused.status, refused.text]).toEqual([400, '{"non_field_errors":["Closed"]}'])
    trial.isClosed = false
    const again = await till.send(asked)
    expect([again.status, again.text]).toEqual([400, refused.text])
    expect(balance()).toBe(0n)
    expect((await till.post('/refill/', { amount: 100 })).status).toBe(205)
  })

  it('stays rejected when the book has rejected it', async () => {
    const trial = await start()
    const { till, balance } = trial
    trial.isUnknown = true
    const asked = till.signedPost('/refill/', { amount: 100 })
    const rejected = await till.send(asked)
    expect([rejected.status, Object.keys(rejected.json)]).toEqual([400, ['asset']])
    trial.isUnknown = false
    const again = await till.send(asked)
    expect([again.status, again.text]).toEqual([rejected.status, rejected.text])
    expect(balance()).toBe(0n)
  })

  it('may be sent again as it is after the node was too busy', async () => {
    let isBusy = false
    const busy = { status: 'refused', code: 'queue_full', detail: 'Too many.' } as const
    const { till, balance } = await start((engine) => ({
      blocks: (from) => engine.blocks(from),
      close: () => engine.close(),
      submit: async (tx, options) => (isBusy ? busy : engine.submit(tx, options)),
    }))
    const asked = till.signedPost('/refill/', { amount: 100 })
    isBusy = true
    const refused = await till.send(asked)
    expect([refused.status, refused.json]).toEqual([503, { detail: 'Too many.' }])
    isBusy = false
    expect((await till.send(asked)).status).toBe(205)
    expect(balance()).toBe(100n)
  })

  it('is not done again when it makes no tx', async () => {
    const { till, runs } = await start()
    const asked = till.signedPost('/note/', {})
    const first = await till.send(asked)
    expect(first.text).toBe('["/note/",1]')
    expect((await till.send(asked)).text).toBe(first.text)
    expect((await till.post('/note/', {})).text).toBe('["/note/",2]')
    expect(runs.get('/note/')).toBe(2)
  })

  it('is on the disk before its tx, so that a restart knows it', async () => {
    const { world, till } = await start()
    const asked = till.signedPost('/refill/', { amount: 100 })
    const [made] = (await till.send(asked)).json
    using store = openV1Store(join(world.server.network.folder, V1_FILE))
    const { book } = world.means
    const line = book.lineById(made.id)
    const row = line && store.requests.find(line.tx)
    expect(row).toMatchObject({ body: '{"amount": 100}', status: null, text: null })
    expect(row?.route).toMatch(/^POST \/refill\/ [0-9a-f-]{36}$/)
  })

  it('makes no second tx when its row was lost, and is answered though it would be refused now', async () => {
    const trial = await start()
    const { world, till, balance } = trial
    const asked = till.signedPost('/refill/', { amount: 100 })
    const first = await till.send(asked)
    const db = new DatabaseSync(join(world.server.network.folder, V1_FILE))
    for (const isClosed of [false, true]) {
      expect(db.prepare('DELETE FROM request').run().changes).toBe(1)
      trial.isClosed = isClosed
      expect((await till.send(asked)).text).toBe(first.text)
    }
    db.close()
    expect(balance()).toBe(100n)
  })
})

describe('a signed request that changes nothing', () => {
  it('may be repeated where it was used, and nowhere else', async () => {
    const { till } = await start()
    const asked = till.signedGet('/look/')
    expect((await till.send(asked)).text).toBe('["/look/",1]')
    expect((await till.send(asked)).text).toBe('["/look/",2]')
    for (const path of ['/peek/', '/look/?page=2']) {
      expect((await till.send({ ...asked, path })).status).toBe(403)
    }
  })

  it('is remembered across restarts', async () => {
    const { till, world } = await start()
    const asked = till.signedGet('/look/')
    await till.send(asked)
    using store = openV1Store(join(world.server.network.folder, V1_FILE))
    const bytes = Buffer.from(asked.headers['signature'] ?? '', 'base64url')
    const id = deriveId<TxId>(sha256, bytes)
    const note = { id, body: '', timeMs: Date.now(), isRead: true, hasEffect: false }
    expect(store.note({ ...note, route: `GET /look/ ${till.place}` })).toBe('new')
    expect(store.note({ ...note, route: 'GET /peek/' })).toBe('elsewhere')
  })
})

describe('a request that a person signs', () => {
  async function withPerson() {
    const trial = await start()
    const { world, place, origin } = trial
    const lespass = world.lespass(place)
    const person = await world.person()
    return { ...trial, lespass: Object.assign(lespass, { origin }) as Lespass, person }
  }

  it('is good in every zone of the world for five minutes', async () => {
    const { lespass, person } = await withPerson()
    const minuteMs = 60_000
    for (const minutes of [0, 60, -720, 840, 345, 330, -210]) {
      for (const late of [0, 4, -4]) {
        const date = naiveDate(Date.now() + late * minuteMs, minutes * minuteMs)
        const answer = await lespass.send(lespass.signedGet('/me/', person, date))
        expect([date, answer.status, answer.json]).toEqual([date, 200, person.wallet])
      }
    }
    for (const minutes of [7, -8, 840 + 30, -720 - 30, 60 * 24]) {
      const date = naiveDate(Date.now(), minutes * minuteMs)
      expect((await lespass.send(lespass.signedGet('/me/', person, date))).status).toBe(403)
    }
    const old = '2001-01-01T00:00:00.000001'
    expect((await lespass.send(lespass.signedGet('/me/', person, old))).status).toBe(403)
  })

  it('is good with an offset when the time is ours', async () => {
    const { lespass, person } = await withPerson()
    const now = new Date().toISOString()
    const ask = async (date: string) =>
      (await lespass.send(lespass.signedGet('/me/', person, date))).status
    expect(await ask(now)).toBe(200)
    expect(await ask(now.replace('Z', '+00:00'))).toBe(200)
    expect(await ask(now.replace('Z', '+02:00'))).toBe(403)
    // What v1 signs is the date as it prints it.
    const spaced = now.replace('T', ' ')
    const asked = lespass.signedGet('/me/', person, spaced)
    const printed = now.replace(/(\.\d{3})Z/, '$1000+00:00')
    const signature = person.rsa.sign(`${person.wallet}:${printed}`)
    const headers = { ...asked.headers, signature }
    expect((await lespass.send({ ...asked, headers })).status).toBe(200)
  })

  it('is bound to its route, also between reading and doing', async () => {
    const { lespass, person, runs } = await withPerson()
    const read = lespass.signedGet('/me/', person)
    expect((await lespass.send(read)).status).toBe(200)
    expect((await lespass.send({ ...read, path: '/badge/' })).status).toBe(403)
    expect((await lespass.send({ ...read, path: '/mine/' })).status).toBe(403)
    const done = lespass.signedGet('/badge/', person)
    expect((await lespass.send(done)).text).toBe('["/badge/",1]')
    expect((await lespass.send(done)).text).toBe('["/badge/",1]')
    expect((await lespass.send({ ...done, path: '/me/' })).status).toBe(403)
    expect(runs.get('/badge/')).toBe(1)
  })

  it('is refused without key, wallet, date or signature, and with those of another', async () => {
    const { lespass, person, origin, world } = await withPerson()
    const other = await world.person('other@example.org')
    const { path, headers } = lespass.signedGet('/me/', person)
    const ask = async (changed: Record<string, string | undefined>) => {
      const fresh = lespass.signedGet(path, person).headers
      const all = Object.entries({ ...fresh, ...changed }).filter(
        ([, value]) => value !== undefined,
      )
      const sent = Object.fromEntries(all) as Record<string, string>
      const { status, json } = await sendTo(origin, { method: 'GET', path, headers: sent })
      return [status, json.detail]
    }
    expect(Object.keys(headers).length).toBe(4)
    const unknown = "Informations d'authentification non fournies."
    expect(await ask({ authorization: undefined })).toEqual([403, unknown])
    expect(await ask({ authorization: `Api-Key ${'a'.repeat(8)}.${'b'.repeat(32)}` })).toEqual([
      403,
      unknown,
    ])
    expect(await ask({ authorization: `Api-Key  ${lespass.apiKey}` })).toEqual([403, unknown])
    expect(await ask({ authorization: `api-KEY ${lespass.apiKey}` })).toEqual([200, undefined])
    for (const wallet of [undefined, '', 'no-uuid', crypto.randomUUID()]) {
      expect(await ask({ wallet })).toEqual([403, 'Missing date or wallet'])
    }
    for (const date of [undefined, '', 'yesterday', '2026-13-01T00:00:00']) {
      expect(await ask({ date })).toEqual([403, 'Missing date or wallet'])
    }
    expect(await ask({ signature: undefined })).toEqual([403, 'Missing signature'])
    for (const signature of ['x', 'AAAA', other.rsa.sign('x'), `${headers['signature']}=`]) {
      expect(await ask({ signature })).toEqual([403, 'Invalid signature'])
    }
    expect(await ask({ wallet: other.wallet })).toEqual([403, 'Invalid signature'])
  })
})

describe('a request of a place', () => {
  it('needs no signature while the place has Lespass and no till', async () => {
    const { world, origin } = await start()
    const place = await world.openPlace()
    const lespass = Object.assign(world.lespass(place), { origin }) as Lespass
    expect((await lespass.get('/look/')).status).toBe(200)
    expect((await lespass.post('/refill/', { amount: 100 })).status).not.toBe(403)
    const till = world.till(place)
    expect((await lespass.get('/look/')).status).toBe(403)
    expect((await lespass.post('/refill/', { amount: 100 })).status).toBe(403)
    // Any key of the place does, as long as its till signs.
    const borrowed = new LaBoutik({ ...till, apiKey: lespass.apiKey, origin })
    expect((await borrowed.get('/look/')).status).toBe(200)
  })

  it('is refused without till and without Lespass', async () => {
    const { world, origin } = await start()
    const place = await world.openPlace()
    const nobody = Object.assign(world.lespass(place, { domain: null }), { origin }) as Lespass
    expect((await nobody.get('/look/')).status).toBe(403)
  })

  it('is refused with a key that has expired, was revoked, or is of another place', async () => {
    const { world, till, origin, place } = await start()
    const { store, random } = world.means
    const of = { kind: 'organisation', name: 'till', place: place.place, person: null } as const
    const expired = store.keys.issue({ ...of, nowMs: 0, expiresMs: Date.now() - 1 }, random)
    const revoked = store.keys.issue({ ...of, nowMs: 0 }, random)
    store.keys.revoke(revoked.slice(0, 8), Date.now())
    const { apiKey: foreign } = world.till(await world.openPlace(), rsaKey(1))
    for (const apiKey of [expired, revoked, foreign, 'nonsense']) {
      const other = new LaBoutik({ ...till, apiKey, origin })
      expect((await other.get('/look/')).status).toBe(403)
    }
  })
})

/** Asking witnesses that are away, confused or hostile: whatever they answer, payments go on. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { encodeVerifierKey, Malformed, nobleVerify, parseNote, type WalletId } from '@fedow/ledger'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkpointNote } from '../src/proofs/checkpoint-note.ts'
import { sha256 } from '../src/store/hash.ts'
import { SigningKey } from '../src/store/key-file.ts'
import { openPeopleDb } from '../src/store/people-db.ts'
import { WatchedLogs } from '../src/store/watched-logs.ts'
import { COSIGNATURES_KEPT, type Witness, WitnessStore } from '../src/store/witness-store.ts'
import { Cosigner, type WitnessAnswer } from '../src/witness/cosigner.ts'
import { WitnessDesk } from '../src/witness/desk.ts'
import { startServer, type TestServer } from './http-server.ts'
import { newId } from './test-network.ts'

/** What a witness does with a submission. */
type Behaviour = (body: Uint8Array, response: ServerResponse, path: string) => void

/** A witness on a socket that behaves as the test says. */
class OddWitness implements AsyncDisposable {
  readonly #server: Server
  readonly cosigner: Cosigner
  readonly logs: WatchedLogs
  readonly key = SigningKey.generate()
  behave: Behaviour = (body, response) => answer(response, this.cosigner.add(body))
  requests = 0
  underWay = 0
  mostUnderWay = 0

  constructor(db: ReturnType<typeof openPeopleDb>) {
    this.logs = new WatchedLogs(db)
    const means = { hash: sha256, verify: nobleVerify }
    const now = () => Date.now()
    this.cosigner = new Cosigner({
      logs: this.logs,
      key: this.key,
      name: 'odd.example',
      means,
      now,
    })
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1
    this.underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    response.on('close', () => {
      this.underWay -= 1
    })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    this.behave(Buffer.concat(chunks), response, request.url ?? '')
  }

  get vkey(): string {
    return encodeVerifierKey(sha256, this.cosigner.key)
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/odd`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function answer(response: ServerResponse, given: WitnessAnswer): void {
  if ('size' in given) {
    response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${given.size}\n`)
  } else response.writeHead(given.status).end('lines' in given ? given.lines : given.why)
}

const PACE = { spacingMs: 1, retryMs: 1, retryMaxMs: 4 }

let server: TestServer
let people: ReturnType<typeof openPeopleDb>
let odd: OddWitness
let store: WitnessStore
let desk: WitnessDesk
let url: string
let faults: unknown[]
let count = 0

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server[Symbol.asyncDispose]())

beforeEach(async () => {
  count += 1
  const { network, book, engine } = server
  people = openPeopleDb(join(network.folder, `odd-${count}.db`))
  odd = new OddWitness(people)
  url = await odd.listen()
  store = new WitnessStore(people)
  faults = []
  desk = new WitnessDesk({
    store,
    logs: odd.logs,
    genesis: network.genesis,
    key: network.keys.witness,
    engine,
    book: book.reader,
    noteOf: (block) => checkpointNote(block, book.reader),
    now: () => Date.now(),
    onFault: (cause) => faults.push(cause),
    pace: PACE,
  })
  odd.logs.watch(`fedow/${network.genesis.chain}`, desk.logVkey)
})

afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await odd[Symbol.asyncDispose]()
  people.close()
  expect(faults).toEqual([])
})

/** Waits for the witness to be known in some way: each turn of the loop lets the node work. */
async function until(isSo: (witness: Witness) => boolean): Promise<Witness> {
  for (;;) {
    const witness = desk.asked().find(isSo)
    if (witness !== undefined) return witness
    await new Promise((turn) => setImmediate(turn))
  }
}

/** Something happens in the book, and is sealed. */
async function newBlock(): Promise<number> {
  const { network, engine, book } = server
  const open = {
    kind: 'wallet-open',
    wallet: newId<WalletId>(),
    node: network.genesis.genesis.node.id,
  } as const
  const submission = await engine.submit(network.sign([open]))
  if (submission.status !== 'decided') throw new Error(JSON.stringify(submission))
  const { height } = submission.outcome
  for await (const block of engine.blocks(height)) if (block.height >= height) break
  expect(book.reader.sealedBlock(height)).toBeDefined()
  return height
}

describe('a witness that answers well', () => {
  it('is asked for the newest block, one request at a time, and what it says is kept', async () => {
    await desk.ask(`${url}/`, odd.vkey)
    const { cosigned } = await until(({ cosigned }) => cosigned !== undefined)
    const height = await newBlock()
    await until((witness) => witness.cosigned?.height === height)
    expect(odd.mostUnderWay).toBe(1)
    const [signature] = store.cosignaturesAt(height)
    expect(signature).toMatchObject({ name: 'odd.example' })
    expect(store.cosignedHeight(0)).toBe(height)
    expect(store.cosignedHeight(height + 1)).toBeUndefined()
    expect(store.cosignaturesAt(height + 1)).toEqual([])
    expect(cosigned?.height).toBeLessThan(height)
  })

  it('sees nothing that a power cut could take back', async () => {
    await newBlock()
    const { book } = server
    const well = odd.behave
    const durable: boolean[] = []
    odd.behave = (...asked) => {
      durable.push(book.reader.isDurable)
      well(...asked)
    }
    book.write(() => {})
    await desk.ask(url, odd.vkey)
    await until(({ cosigned }) => cosigned !== undefined)
    expect(durable).not.toContain(false)
    expect(durable).not.toEqual([])
  })

  it('that has seen a part of the history tells how much, and gets the rest', async () => {
    await desk.ask(url, odd.vkey)
    await until(({ cosigned }) => cosigned !== undefined)
    people.exec('UPDATE witness SET size = 0; DELETE FROM cosignature')
    await newBlock()
    await desk.ask(url, odd.vkey)
    const { problem } = await until(({ cosigned }) => cosigned !== undefined)
    expect(problem).toBeUndefined()
  })

  it('is asked no more once the operator says so; what it said stays', async () => {
    await desk.ask(url, odd.vkey)
    await until(({ cosigned }) => cosigned !== undefined)
    expect(await desk.unask('odd.example')).toBeUndefined()
    const { requests } = odd
    await newBlock()
    expect(desk.asked()).toEqual([])
    expect(odd.requests).toBe(requests)
    expect(store.all()).toMatchObject([{ isAsked: false, cosigned: expect.anything() }])
    expect(await desk.unask('odd.example')).toMatchObject({ code: 'witness_not_asked' })
  })

  it('is asked by one asker, however often and at once the operator names it', async () => {
    odd.behave = () => undefined
    await desk.ask('http://127.0.0.1:9/odd', odd.vkey)
    await Promise.all(Array.from({ length: 5 }, () => desk.ask(url, odd.vkey)))
    while (odd.underWay === 0) await new Promise((turn) => setImmediate(turn))
    for (let turn = 0; turn < 200; turn += 1) await new Promise((next) => setImmediate(next))
    expect(odd.mostUnderWay).toBe(1)
  })

  it('comes back after any trouble, and the problem is gone', async () => {
    const well = odd.behave
    odd.behave = (_, response) => response.destroy()
    await desk.ask(url, odd.vkey)
    const first = await until(({ problem }) => problem !== undefined)
    const again = await until(({ triedMs = 0 }) => triedMs > (first.triedMs ?? 0))
    expect(again.problem?.sinceMs).toBe(first.problem?.sinceMs)
    odd.behave = well
    const { problem } = await until(({ cosigned }) => cosigned !== undefined)
    expect(problem).toBeUndefined()
  })
})

const other = SigningKey.generate()

/** The lines of a co-signer with another key, or over another text. */
const foreign = (odd: OddWitness, body: Uint8Array, how: 'name' | 'key' | 'text'): string => {
  const text = Buffer.from(body).toString('utf8')
  const note = parseNote(text.slice(text.indexOf('\n\n') + 2))
  if (note instanceof Malformed) throw new Error(note.expected)
  const [name, key] = [
    how === 'name' ? 'x.example' : 'odd.example',
    how === 'key' ? other : odd.key,
  ]
  const { logs } = odd
  const means = { hash: sha256, verify: nobleVerify }
  const now = () => Date.now()
  const given = new Cosigner({ logs, key, name, means, now }).add(body)
  const lines = 'lines' in given ? given.lines : ''
  return how === 'text' ? lines.replace(/ ([A-Za-z0-9+/]{20})/, ' AAAAAAAAAAAAAAAAAAAA') : lines
}

const BAD: readonly (readonly [string, string, Behaviour])[] = [
  ['hangs up', 'unreachable', (_, response) => void response.destroy()],
  ['does not know the log', 'log_unknown', (_, response) => void response.writeHead(404).end()],
  ['knows another key', 'signature_refused', (_, response) => void response.writeHead(403).end()],
  ['refuses what is new', 'odd_answer', (_, response) => void response.writeHead(422).end()],
  [
    'sends elsewhere',
    'redirected',
    (_, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
  ],
  ['is broken', 'odd_answer', (_, response) => void response.writeHead(500).end('<html>\u001b[2J')],
  ['answers nothing', 'cosignature_invalid', (_, response) => void response.writeHead(200).end()],
  ['answers noise', 'cosignature_invalid', (_, response) => void response.end('ok\n')],
  ['never ends', 'odd_answer', (_, response) => void response.end('x'.repeat(100_000))],
  ['has seen more', 'ahead', (_, response) => answer(response, { status: 409, size: 1_000_000 })],
  [
    'names a size in words',
    'odd_answer',
    (_, response) =>
      void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('ten'),
  ],
]

describe('a witness that', () => {
  it.each(BAD)('%s is shown as %s, and payments go on', async (_, code, behave) => {
    odd.behave = behave
    await desk.ask(url, odd.vkey)
    const { problem } = await until((witness) => witness.problem !== undefined)
    expect(problem?.code).toBe(code)
    if (problem?.code === 'odd_answer') expect(problem.why).not.toContain('\u001b')
    const height = await newBlock()
    expect(store.cosignaturesAt(height)).toEqual([])
  })

  it.each([409, 422])(
    'refuses what it has seen, with %i, has seen something else',
    async (status) => {
      await desk.ask(url, odd.vkey)
      const { size } = await until(({ cosigned }) => cosigned !== undefined)
      odd.behave = (_, response) => void response.writeHead(status).end()
      // A node that starts again asks for the same block once more.
      await desk.ask(url, odd.vkey)
      const same = await until(({ problem }) => problem !== undefined)
      expect(same.problem).toMatchObject({ code: 'conflict', size })
      if (status === 409) return
      await newBlock()
      const { problem } = await until((witness) => witness.problem?.code === 'inconsistent')
      expect(problem).toMatchObject({ size, ours: server.book.reader.lastSealed()?.size })
    },
  )

  it('follows no redirect: the address it leads to is never asked', async () => {
    const paths: string[] = []
    odd.behave = (_, response, path) => {
      paths.push(path)
      response.writeHead(308, { location: `${url}/elsewhere` }).end()
    }
    await desk.ask(url, odd.vkey)
    await until(({ triedMs, problem }) => triedMs !== undefined && problem !== undefined)
    expect(new Set(paths)).toEqual(new Set(['/odd/add-checkpoint']))
  })

  it.each(['name', 'key', 'text'] as const)(
    'answers with another %s is not believed',
    async (how) => {
      odd.behave = (body, response) => void response.end(foreign(odd, body, how))
      await desk.ask(url, odd.vkey)
      const { problem } = await until((witness) => witness.problem !== undefined)
      expect(problem?.code).toBe('cosignature_invalid')
      expect(store.cosignedHeight(0)).toBeUndefined()
    },
  )

  it('is not there at all is shown as such', async () => {
    await odd[Symbol.asyncDispose]()
    await desk.ask(url, odd.vkey)
    const { problem } = await until((witness) => witness.problem !== undefined)
    expect(problem).toMatchObject({ code: 'unreachable', why: 'ECONNREFUSED' })
    odd = new OddWitness(people)
    await odd.listen()
  })

  it('never answers does not keep the node from stopping', async () => {
    odd.behave = () => undefined
    await desk.ask(url, odd.vkey)
    while (odd.underWay === 0) await new Promise((turn) => setImmediate(turn))
    await desk[Symbol.asyncDispose]()
    expect(store.all()[0]).not.toHaveProperty('problem')
  })
})

describe('what an operator may name', () => {
  it.each([
    'ftp://odd.example',
    'file:///etc/passwd',
    'odd.example',
    'http://me:secret@odd.example',
    'http://odd.example/?a=1',
    'http://odd.example/#a',
    'data:text/plain,hello',
  ])('is no address such as %s', async (text) => {
    expect(await desk.ask(text, odd.vkey)).toEqual({ code: 'bad_url' })
    expect(desk.asked()).toEqual([])
  })

  it('is a key of its kind, and not its own', async () => {
    expect(await desk.ask(url, desk.logVkey)).toEqual({ code: 'not_a_witness_key' })
    expect(await desk.ask(url, `${odd.vkey}x`)).toEqual({ code: 'not_a_witness_key' })
    expect(await desk.ask(url, desk.vkey)).toEqual({ code: 'own_key' })
    expect(desk.watch(odd.vkey)).toEqual({ code: 'not_a_log_key' })
    expect(desk.watch(desk.logVkey)).toEqual({ code: 'own_key' })
    expect(desk.unwatch('nobody')).toMatchObject({ code: 'log_not_watched' })
  })

  it('is 15 witnesses at most, since a note has no room for more', async () => {
    odd.behave = (_, response) => void response.writeHead(404).end()
    const keys = Array.from({ length: 16 }, (_, index) => {
      const x = Uint8Array.fromBase64(SigningKey.generate().x, { alphabet: 'base64url' })
      return encodeVerifierKey(sha256, { name: `w${index}.example`, type: 4, x })
    })
    const faults = []
    for (const key of keys) faults.push(await desk.ask(url, key))
    expect(faults.filter((fault) => fault !== undefined)).toEqual([{ code: 'witnesses_too_many' }])
    expect(await desk.ask(url, keys[0] ?? '')).toBeUndefined()
  })
})

describe('the co-signatures of a witness', () => {
  it('are kept up to a number, the newest ones', () => {
    store.ask(odd.vkey, url)
    const [witness] = store.all()
    const number = witness?.number ?? 0
    const signature = new Uint8Array(64)
    const kept = people.prepare('SELECT count(*) AS count, min(height) AS first FROM cosignature')
    people.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${COSIGNATURES_KEPT})
      INSERT INTO cosignature SELECT i, ${number}, 1800000000, zeroblob(64) FROM n`)
    expect(kept.get()).toEqual({ count: COSIGNATURES_KEPT, first: 1 })
    for (const height of [COSIGNATURES_KEPT + 5, COSIGNATURES_KEPT + 9]) {
      store.keep(number, { height, size: height, timeS: 1_800_000_000, signature }, 0)
    }
    expect(kept.get()).toEqual({ count: COSIGNATURES_KEPT, first: 3 })
  })
})

/** Two associations watch each other: real nodes, real sockets, and an operator who rewrites the book. */
import { cpSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type AnswerOf,
  askWitness,
  type Client,
  createClient,
  getCheckpoint,
  getConsistency,
  getReceipt,
  getStatus,
  getWitness,
  isAlarm,
  postTx,
  type WitnessProblemCode,
  watchLog,
} from '@fedow/api'
import {
  type Action,
  type Amount,
  Malformed,
  nobleHash,
  nobleVerify,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type SignedTx,
  type VerifierKey,
  verifyReceipt,
} from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Config, readConfig } from '../src/config.ts'
import { type RunningNode, startNode } from '../src/node.ts'
import { auditFolder } from '../src/store/audit.ts'
import { PEOPLE_MIGRATIONS } from '../src/store/people-db.ts'
import { socketTransport } from './http-server.ts'
import { type Rewriting, rewriteBook } from './rewritten-book.ts'
import { type Bar, barTxs, newBar, sale, TestNetwork } from './test-network.ts'
import { ToyLog } from './toy-log.ts'

const means = { hash: nobleHash, verify: nobleVerify }

/** A network whose node runs, and the operator on its machine. */
interface Association extends AsyncDisposable {
  readonly network: TestNetwork
  readonly node: RunningNode
  readonly operator: Client
}

async function run(network: TestNetwork): Promise<Association> {
  const config: Config = { ...readConfig({}), folder: network.folder, port: 0, logLevel: 'silent' }
  const node = await startNode(config)
  const send = socketTransport(node.socketPath)
  // A node that starts again has the same path: no connection outlives its request.
  const operator = createClient({
    transport: (request) =>
      send({ ...request, headers: { ...request.headers, connection: 'close' } }),
  })
  return { network, node, operator, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() }
}

/** Looks again and again, through the doors, until there is something to see. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
  }
}

async function asked({ operator }: Association) {
  const { witnesses } = await operator.call(getStatus, {})
  return witnesses?.[0]
}

async function ask(from: Association, witness: Association): Promise<void> {
  const { key } = await witness.operator.call(getWitness, {})
  const url = `${witness.node.address}/api/v2/witness`
  await from.operator.call(askWitness, { body: { url, key } })
}

/** What the witness says of the book of another, once it has said it. */
function verdictOf(one: Association): Promise<{ code: WitnessProblemCode; detail: string }> {
  return until(async () => {
    const { problem } = (await asked(one)) ?? {}
    const code = problem?.code as WitnessProblemCode | undefined
    return problem && code && code !== 'unreachable' ? { code, detail: problem.detail } : undefined
  })
}

/** Pays, and waits until the witness has co-signed the block of it. */
async function pay(one: Association, tx: SignedTx): Promise<string> {
  const { height, txId } = await one.operator.call(postTx, { body: { tx: tx.jws } })
  await until(async () => ((await asked(one))?.cosigned?.height ?? -1) >= height || undefined)
  return one.operator.call(getReceipt, { params: { tx: txId } })
}

function keyOf(vkey: string): VerifierKey {
  const key = parseVerifierKey(nobleHash, vkey)
  if (key === undefined) throw new Error(vkey)
  return key
}

function checkpointOf(noteText: string) {
  const note = parseNote(noteText)
  if (note instanceof Malformed) throw new Error(note.expected)
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint instanceof Malformed) throw new Error(checkpoint.expected)
  return checkpoint
}

/** A copy of a network, for what is to happen to it. */
function copyOf(network: TestNetwork): TestNetwork {
  const copy = new TestNetwork()
  rmSync(copy.folder, { recursive: true })
  cpSync(network.folder, copy.folder, { recursive: true })
  return Object.assign(copy, { genesis: network.genesis, keys: network.keys })
}

const a = new TestNetwork()
const b = new TestNetwork()
const bar: Bar = newBar(2)
const [card, other] = bar.cards as [Bar['cards'][0], Bar['cards'][0]]
let keys: { readonly a: VerifierKey; readonly b: VerifierKey }
let early: string
let late: string
let note: string
let noProblem: AnswerOf<typeof getStatus>['witnesses']
let earlyHeight: number

beforeAll(async () => {
  await using association = await run(a)
  await using witness = await run(b)
  const { log } = await association.operator.call(getWitness, {})
  const { key } = await witness.operator.call(getWitness, {})
  keys = { a: keyOf(log), b: keyOf(key) }
  await witness.operator.call(watchLog, { body: { key: log } })
  await ask(association, witness)
  for (const tx of barTxs(a, bar)) {
    await association.operator.call(postTx, { body: { tx: tx.jws } })
  }
  early = await pay(association, sale(a, bar, { card, amount: 300n }))
  late = await pay(association, sale(a, bar, { card: other, amount: 50n }))
  note = await association.operator.call(getCheckpoint, {})
  noProblem = (await association.operator.call(getStatus, {})).witnesses
  earlyHeight = checkpointOf(JSON.parse(early).checkpoint).height
})

afterAll(() => {
  a[Symbol.dispose]()
  b[Symbol.dispose]()
})

describe('an honest book', () => {
  it('has receipts that show who co-signed them, to whoever knows the witness', () => {
    for (const receipt of [early, late]) {
      const verdict = verifyReceipt(means, receipt, { keys: [keys.a], witnesses: [keys.b] })
      expect(verdict).toMatchObject({
        proven: true,
        facts: { cosigned: [{ name: keys.b.name }], unknownCosigners: [] },
      })
      const alone = verifyReceipt(means, receipt, { keys: [keys.a], witnesses: [] })
      expect(alone).toMatchObject({
        proven: true,
        facts: { cosigned: [], unknownCosigners: [keys.b.name] },
      })
    }
  })

  it('shows no problem, and shows its witnesses to its operator alone', async () => {
    expect(noProblem).toMatchObject([{ name: keys.b.name, size: expect.any(Number) }])
    expect(noProblem?.[0]).not.toHaveProperty('problem')
    using copy = copyOf(a)
    await using association = await run(copy)
    const open = await fetch(`${association.node.address}/api/v2/status`)
    expect(await open.json()).not.toHaveProperty('witnesses')
    const closed = await fetch(`${association.node.address}/api/v2/witness`)
    expect(closed.status).toBe(403)
  })

  it('is audited with its co-signatures, and continues every checkpoint that was kept', async () => {
    for (const file of [early, late, note]) {
      const report = await auditFolder(a.folder, undefined, { file })
      expect(report).toMatchObject({
        ok: true,
        against: { result: 'continues', cosigned: [{ name: keys.b.name }], unknown: [] },
      })
      expect(report.cosignatures).toBeGreaterThanOrEqual(2)
    }
  })

  it('is co-signed again after both nodes stood still', async () => {
    using copyA = copyOf(a)
    using copyB = copyOf(b)
    await using witness = await run(copyB)
    await using association = await run(copyA)
    await ask(association, witness)
    const receipt = await pay(association, sale(a, bar, { card, amount: 1n }))
    const trust = { keys: [keys.a], witnesses: [keys.b] }
    expect(verifyReceipt(means, receipt, trust)).toMatchObject({
      proven: true,
      facts: { cosigned: [{ name: keys.b.name }] },
    })
    expect(await asked(association)).not.toHaveProperty('problem')
  })
})

const cheaper = (action: Action): Action =>
  action.kind === 'sale' && action.card === card
    ? { ...action, parts: action.parts.map((part) => ({ ...part, amount: 200n as Amount })) }
    : action

const nothing = (): readonly SignedTx[] => []
const later = (): readonly SignedTx[] =>
  [7n, 8n, 9n].map((amount) => sale(a, bar, { card: other, amount }))

/** Each of them holds by itself: only who has seen the book before can tell. */
const FORGERIES: readonly [
  string,
  Omit<Rewriting, 'more'>,
  () => readonly SignedTx[],
  WitnessProblemCode,
][] = [
  ['one payment changed', { change: cheaper }, nothing, 'conflict'],
  ['one payment changed, and more after it', { change: cheaper }, later, 'inconsistent'],
]

describe.each(FORGERIES)('a book with %s', (_, rewriting, more, code) => {
  it.each(['kept', 'lost'])(
    'is refused by the witness; what A knows of it is %s',
    async (known) => {
      using forged = copyOf(a)
      using copyB = copyOf(b)
      await rewriteBook(forged, { ...rewriting, more: more() })
      if (known === 'lost') rmSync(join(forged.folder, 'people.db'))
      await using witness = await run(copyB)
      await using association = await run(forged)
      await ask(association, witness)
      const verdict = await verdictOf(association)
      expect(verdict.code).toBe(code)
      expect(isAlarm(verdict.code)).toBe(true)
      const { watched } = await witness.operator.call(getWitness, {})
      const kind = code === 'conflict' ? 'conflict' : 'unproven'
      expect(watched[0]?.refused).toMatchObject([{ kind }])
      // Payments go on: whoever rewrote the book is found out, not stopped.
      const tx = sale(a, bar, { card: other, amount: 2n })
      expect(await association.operator.call(postTx, { body: { tx: tx.jws } })).toMatchObject({
        status: 'applied',
      })
    },
  )

  it('is shown by its own receipts of before, and by two checkpoints of one key', async () => {
    using forged = copyOf(a)
    await rewriteBook(forged, { ...rewriting, more: more() })
    await using association = await run(forged)
    const own = await association.operator.call(getCheckpoint, {})
    const trust = { keys: [keys.a], witnesses: [keys.b] }
    const before = verifyReceipt(means, early, trust)
    expect(before).toMatchObject({
      proven: true,
      facts: { lines: [{ amount: 300n }], cosigned: [{ name: keys.b.name }] },
    })
    if (!before.proven) throw new Error('it is proven')
    const now = await association.operator.call(getReceipt, { params: { tx: before.facts.tx } })
    expect(JSON.parse(now).lines).toMatchObject([{ amount: 200 }])
    expect(own).not.toBe(note)
  })

  it('is found by an audit: by the co-signatures that it keeps, by any receipt of before', async () => {
    using forged = copyOf(a)
    await rewriteBook(forged, { ...rewriting, more: more() })
    const withPeople = await auditFolder(forged.folder)
    expect(withPeople).toMatchObject({
      ok: false,
      problem: { what: expect.stringContaining(`${keys.b.name} has co-signed`) },
    })
    rmSync(join(forged.folder, 'people.db'))
    expect(await auditFolder(forged.folder)).toMatchObject({ ok: true, cosignatures: 0 })
    for (const file of [early, late, note]) {
      const report = await auditFolder(forged.folder, undefined, { file })
      expect(report).toMatchObject({
        ok: true,
        against: { result: 'rewritten', part: 'leaves', unknown: [keys.b.name] },
      })
    }
  })
})

describe('a book whose end was cut off', () => {
  it('is refused: the witness has seen more', async () => {
    using cut = copyOf(a)
    using copyB = copyOf(b)
    await rewriteBook(cut, { until: earlyHeight })
    await using witness = await run(copyB)
    await using association = await run(cut)
    await ask(association, witness)
    const { code, detail } = await verdictOf(association)
    expect(code).toBe('ahead')
    expect(detail).toContain(`${checkpointOf(note).size} leaves`)
  })

  it('ends before a later checkpoint, and is its beginning when that is proven', async () => {
    using cut = copyOf(a)
    await rewriteBook(cut, { until: earlyHeight })
    expect(await auditFolder(cut.folder)).toMatchObject({
      ok: false,
      problem: { what: expect.stringContaining('its end was cut off') },
    })
    rmSync(join(cut.folder, 'people.db'))
    const against = async (file: string, proof?: string) =>
      (await auditFolder(cut.folder, undefined, { file, ...(proof !== undefined && { proof }) }))
        .against
    expect(await against(early)).toMatchObject({ result: 'continues' })
    const found = await against(note)
    expect(found).toMatchObject({ result: 'ends_before', size: checkpointOf(note).size })
    if (found?.result !== 'ends_before') throw new Error('it ends before')
    using copy = copyOf(a)
    await using whole = await run(copy)
    const { oursSize: from, size: to } = found
    const proof = await whole.operator.call(getConsistency, { query: { from, to } })
    expect(await against(note, JSON.stringify(proof))).toMatchObject({ result: 'prefix' })
    expect(await against(note, `${proof.hashes.join('\n')}\n`)).toMatchObject({ result: 'prefix' })
    const wrong = { ...proof, hashes: [new Uint8Array(32).toBase64(), ...proof.hashes.slice(1)] }
    for (const bad of [wrong, { ...proof, from: from - 1 }, { ...proof, hashes: [] }, {}, 'x']) {
      expect(await against(note, JSON.stringify(bad))).toMatchObject({ result: 'proof_fails' })
    }
  })

  it('and that grew differently is refused, whenever it is shown', async () => {
    using grown = copyOf(a)
    using copyB = copyOf(b)
    await rewriteBook(grown, { until: earlyHeight, more: later() })
    rmSync(join(grown.folder, 'people.db'))
    await using witness = await run(copyB)
    {
      await using association = await run(grown)
      await ask(association, witness)
      expect((await verdictOf(association)).code).toBe('inconsistent')
    }
    await using again = await run(grown)
    expect((await verdictOf(again)).code).toBe('inconsistent')
    const against = await auditFolder(grown.folder, undefined, { file: note })
    expect(against).toMatchObject({ ok: true, against: { result: 'rewritten', part: 'leaves' } })
  })
})

describe('what proves nothing about a book', () => {
  it('is told by its reason', async () => {
    const against = async (file: string) =>
      (await auditFolder(a.folder, undefined, { file })).against
    expect(await against('hello')).toMatchObject({ result: 'malformed' })
    expect(await against('{}')).toMatchObject({ result: 'malformed' })
    expect(await against(`${note} `)).toMatchObject({ result: 'malformed' })
    const strange = new ToyLog(keys.a.name, { size: 1 })
    const body = note.slice(0, note.indexOf('\n\n') + 1)
    expect(await against(strange.note(body))).toEqual({
      result: 'other_signer',
      signers: [keys.a.name],
    })
    const swapped = note.replace(/\nheight (\d+)\n/, '\nheight 1$1\n')
    expect(await against(swapped)).toEqual({ result: 'bad_signature', name: keys.a.name })
    const otherChain = note.replaceAll(a.genesis.chain, b.genesis.chain)
    expect(await against(otherChain)).toEqual({ result: 'other_chain', chain: b.genesis.chain })
  })

  it('a signed checkpoint of the same leaves and another block is no continuation', async () => {
    const { keys: secret } = a
    const text = note
      .slice(0, note.indexOf('\n\n') + 1)
      .replace(/\nblock .{43}=\n/, `\nblock ${new Uint8Array(32).toBase64()}\n`)
    const line = /(— \S+ )(\S+)\n/.exec(note) ?? []
    const id = Uint8Array.fromBase64(line[2] ?? '').subarray(0, 4)
    const signature = secret.checkpoint.signBytes(Buffer.from(text))
    const forged = `${text}\n${line[1]}${Buffer.concat([id, signature]).toString('base64')}\n`
    const { against } = await auditFolder(a.folder, undefined, { file: forged })
    expect(against).toMatchObject({ result: 'rewritten', part: 'block' })
  })
})

describe('a folder of before witnesses', () => {
  it('gets a key at its next start, and loses nothing', async () => {
    using old = copyOf(a)
    const path = join(old.folder, 'keys/witness.pem')
    rmSync(path)
    rmSync(join(old.folder, 'people.db'))
    {
      using db = new DatabaseSync(join(old.folder, 'people.db'))
      db.exec(`${PEOPLE_MIGRATIONS[0]?.sql ?? ''}; PRAGMA user_version = 1`)
    }
    expect(await auditFolder(old.folder)).toMatchObject({ ok: true, cosignatures: 0 })
    await using association = await run(old)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const { key, asked, watched } = await association.operator.call(getWitness, {})
    expect(key).toContain(`fedow-witness/${a.genesis.genesis.node.id}+`)
    expect({ asked, watched }).toEqual({ asked: [], watched: [] })
    const before = readFileSync(path, 'utf8')
    await association[Symbol.asyncDispose]()
    await using again = await run(old)
    expect((await again.operator.call(getWitness, {})).key).toBe(key)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })
})

describe('a witness over HTTP', () => {
  const log = new ToyLog('log.example', { size: 400 })

  async function submit({ node }: Association, body: string) {
    const url = `${node.address}/api/v2/witness/add-checkpoint`
    const answer = await fetch(url, { method: 'POST', body: Buffer.from(body) })
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      text: await answer.text(),
    }
  }

  it('lets one of many submissions at once through, and forgets nothing when it starts again', async () => {
    using copy = copyOf(b)
    let winner = 0
    {
      await using witness = await run(copy)
      await witness.operator.call(watchLog, { body: { key: log.vkey } })
      expect((await submit(witness, log.submission(0, 100))).status).toBe(200)
      const sizes = Array.from({ length: 24 }, (_, index) => 101 + index * 7)
      const answers = await Promise.all(
        sizes.map((size) => submit(witness, log.submission(100, size))),
      )
      winner = sizes[answers.findIndex(({ status }) => status === 200)] ?? 0
      const others = answers.filter(({ status }) => status !== 200)
      expect(others).toHaveLength(sizes.length - 1)
      for (const { status, type, text } of others) {
        expect({ status, type, text }).toEqual({
          status: 409,
          type: 'text/x.tlog.size',
          text: `${winner}\n`,
        })
      }
    }
    await using witness = await run(copy)
    for (const back of [log.submission(0, 100), log.submission(100, 101), log.submission(0, 0)]) {
      expect(await submit(witness, back)).toMatchObject({ status: 409, text: `${winner}\n` })
    }
    const fork = log.forked(50, 400)
    expect((await submit(witness, fork.submission(winner, winner))).status).toBe(409)
    expect((await submit(witness, fork.submission(winner, 400))).status).toBe(422)
    expect((await submit(witness, log.submission(winner, 400))).status).toBe(200)
  })

  it('answers in text whatever media type the body is said to have, and bounds it', async () => {
    using copy = copyOf(b)
    await using witness = await run(copy)
    const url = `${witness.node.address}/api/v2/witness/add-checkpoint`
    for (const type of ['application/json', 'text/plain', 'application/octet-stream', 'x/y']) {
      const headers = { 'content-type': type }
      const body = log.submission(0, 5)
      const answer = await fetch(url, { method: 'POST', headers, body })
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    }
    expect((await fetch(url, { method: 'POST' })).status).toBe(400)
    expect((await submit(witness, 'x'.repeat(69_632))).status).toBe(400)
    expect((await submit(witness, 'x'.repeat(69_633))).status).toBe(413)
  })
})

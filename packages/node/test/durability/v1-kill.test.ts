/**
 * `fedow start` is killed while tills are at work on the wire of v1. They do as tills do: what was not answered is sent
 * again as it was, to the node that was started again.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { auditFolder } from '../../src/store/audit.ts'
import { seededRandom } from '../power-cut/recording.ts'
import {
  handshakeRequest,
  LaBoutik,
  RsaKey,
  sendTo,
  type V1Response,
  type V1Sendable,
} from '../v1-clients.ts'
import { type Ended, startScript } from './child.ts'
import { copyFolder, openBook, temporaryFolder } from './verify.ts'

const FEDOW = join(import.meta.dirname, '../../../cli/src/main.ts')
const KILLS = 6
const CLIENTS = 12
const TAGS = ['AAAA0001', 'AAAA0002', 'AAAA0003']
const SPARE_TAGS = ['BBBB0001', 'BBBB0002', 'BBBB0003', 'BBBB0004']
const BOSS = '52BE6543'
const FIRST_CENTS = 1_000_000
const SPARE_CENTS = 700

const seed = Number(process.env['FEDOW_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const random = seededRandom(seed)

interface RunningFedow {
  readonly child: ChildProcess
  readonly origin: string
  readonly ended: Promise<Ended>
}

/** Starts the node of a folder, and waits until it says where it is. */
async function start(folder: string): Promise<RunningFedow> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const args = ['start', '--port', '0', '--log', 'error', '--json', '--data', folder]
  const { child, ended } = startScript(FEDOW, args)
  let said = ''
  child.stdout?.on('data', (text: Buffer) => {
    said += text
    const [, address] = /"address": ?"([^"]+)"/.exec(said) ?? []
    if (address !== undefined) resolve(address)
  })
  const early = ended.then(({ complaint }) => Promise.reject(new Error(complaint)))
  const origin = await Promise.race([promise, early])
  early.catch(() => undefined)
  return { child, origin, ended }
}

/** A request and its first answer; undefined while there is none. */
interface Sent {
  readonly kind: 'sale' | 'refill' | 'void'
  readonly amount: number
  readonly request: V1Sendable
  answer: V1Response | undefined
}

interface Evening {
  readonly till: LaBoutik
  readonly money: string
  /** By tag. */
  readonly wallets: ReadonlyMap<string, string>
  /** Ids of the refills that it begins with. */
  readonly opening: string[]
  readonly sent: Sent[]
}

async function ask(origin: string, request: V1Sendable, status: number): Promise<V1Response> {
  const answer = await sendTo(origin, request)
  expect([request.path, answer.status, answer.text]).toEqual([request.path, status, answer.text])
  return answer
}

/** Connects a till to a new place; makes its money and its cards. */
async function begin(folder: string, origin: string): Promise<Evening> {
  const args = ['place', 'create', 'Bar du Port', '--json', '--data', folder]
  const { lines } = await startScript(FEDOW, args).ended
  const { connectionString } = JSON.parse(lines.join('\n'))
  const { uuid: place, temp_key: tempKey } = JSON.parse(
    String(Buffer.from(connectionString, 'base64url')),
  )
  const rsa = new RsaKey()
  const linked = await ask(origin, handshakeRequest({ tempKey, place, rsa }), 202)
  const keys = JSON.parse(String(Buffer.from(linked.json, 'base64url')))
  const { place_wallet_uuid: wallet, place_admin_apikey: apiKey } = keys
  const till = new LaBoutik({ origin, place, wallet, apiKey, rsa })
  const money = randomUUID()
  const asset = { uuid: money, name: 'Perle', currency_code: 'PRL', category: 'TLF' }
  await ask(origin, till.signedPost('/asset/', asset), 201)
  const cards = [BOSS, ...TAGS, ...SPARE_TAGS].map((tag) => ({
    uuid: randomUUID(),
    first_tag_id: tag,
    qrcode_uuid: randomUUID(),
    number_printed: randomBytes(4).toString('hex').toUpperCase(),
    generation: 1,
    is_primary: tag === BOSS,
    tokens_uuid: [],
  }))
  await ask(origin, till.signedPost('/card/', cards), 201)
  const wallets = new Map<string, string>()
  for (const tag of [...TAGS, ...SPARE_TAGS]) {
    const scan = await ask(origin, till.signedGet(`/card/${tag}/`), 200)
    wallets.set(tag, scan.json.wallet.uuid)
  }
  const evening: Evening = { till, money, wallets, opening: [], sent: [] }
  for (const [tag] of wallets) {
    const cents = TAGS.includes(tag) ? FIRST_CENTS : SPARE_CENTS
    const filled = await ask(origin, refill(evening, tag, cents), 201)
    evening.opening.push(filled.json.uuid)
  }
  return evening
}

function sidesOf({ money, wallets }: Evening, tag: string) {
  const tags = { user_card_firstTagId: tag, primary_card_fisrtTagId: BOSS }
  return { asset: money, card: wallets.get(tag) ?? '', tags }
}

function refill(evening: Evening, tag: string, amount: number): V1Sendable {
  const { asset, card, tags } = sidesOf(evening, tag)
  const sides = { sender: evening.till.wallet, receiver: card, asset }
  return evening.till.signedPost('/transaction/', { amount, ...sides, ...tags })
}

function sale(evening: Evening, tag: string, amount: number): V1Sendable {
  const { asset, card, tags } = sidesOf(evening, tag)
  const sides = { sender: card, receiver: evening.till.wallet, asset }
  const metadata = JSON.stringify({ data: 'x'.repeat(300), order: randomUUID() })
  return evening.till.signedPost('/transaction/', { amount, ...sides, ...tags, metadata })
}

/** What a till does next. */
function next(evening: Evening): Sent {
  const tag = TAGS[Math.floor(random() * TAGS.length)] ?? ''
  const amount = 1 + Math.floor(random() * 50)
  const luck = random()
  if (luck < 0.7) {
    return { kind: 'sale', amount, request: sale(evening, tag, amount), answer: undefined }
  }
  if (luck < 0.95) {
    return { kind: 'refill', amount, request: refill(evening, tag, amount), answer: undefined }
  }
  const spare = SPARE_TAGS[Math.floor(random() * SPARE_TAGS.length)] ?? ''
  const tags = { primary_card_fisrtTagId: BOSS, user_card_firstTagId: spare }
  const request = evening.till.signedPost('/card/refund/', { ...tags, action: 'VID' })
  return { kind: 'void', amount: 0, request, answer: undefined }
}

const STATUS = { sale: 201, refill: 201, void: 205 } as const

/** Sends a request unless the node dies meanwhile; answers whether it has answered. */
async function trySend(origin: string, one: Sent): Promise<boolean> {
  let answer: V1Response
  try {
    answer = await sendTo(origin, one.request)
  } catch {
    return false
  }
  expect([one.kind, answer.status, answer.text]).toEqual([
    one.kind,
    STATUS[one.kind],
    one.answer?.text ?? answer.text,
  ])
  one.answer ??= answer
  return true
}

/** Tills at work until the node is killed, which it is after so many more requests were sent. */
async function workUntilKilled(evening: Evening, { child, origin, ended }: RunningFedow) {
  let left = 5 + Math.floor(random() * 150)
  const client = async () => {
    for (let isUp = true; isUp; ) {
      const one = next(evening)
      evening.sent.push(one)
      left -= 1
      if (left === 0) child.kill('SIGKILL')
      isUp = await trySend(origin, one)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: CLIENTS }, client))
  expect(ends.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(await ended).toMatchObject({ signal: 'SIGKILL', complaint: '' })
}

/** Whoever has no answer asks again, all at once; answers how many there were. */
async function sendUnanswered({ sent }: Evening, origin: string): Promise<number> {
  const open = sent.filter(({ answer }) => answer === undefined)
  const answered = await Promise.all(open.map((one) => trySend(origin, one)))
  expect(answered).not.toContain(false)
  return open.length
}

function sumOf(sent: readonly Sent[], kind: Sent['kind']): number {
  return sent.reduce((sum, one) => (one.kind === kind ? sum + one.amount : sum), 0)
}

it('loses and doubles nothing on the wire of v1, however often it is killed', {
  timeout: 300_000,
}, async () => {
  console.log(`v1 kill seed: ${seed}`)
  using folder = temporaryFolder()
  let fedow = await start(folder.path)
  const evening = await begin(folder.path, fedow.origin)
  const repeated: number[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    await workUntilKilled(evening, fedow)
    using copy = copyFolder(folder.path)
    expect(await auditFolder(copy.path), `seed ${seed}, kill ${kill}`).toMatchObject({ ok: true })
    fedow = await start(folder.path)
    repeated.push(await sendUnanswered(evening, fedow.origin))
  }
  const { sent } = evening
  console.log(`v1 kills: ${sent.length} requests, sent again ${repeated.join(', ')}`)
  expect(Math.max(...repeated)).toBeGreaterThan(0)
  for (const one of sent) expect(await trySend(fedow.origin, one)).toBe(true)
  fedow.child.kill('SIGTERM')
  expect(await fedow.ended).toMatchObject({ code: 0 })
  expectOnce(evening, folder.path)
  expect(await auditFolder(folder.path)).toMatchObject({ ok: true })
})

/** The book has each sale and each refill once, and the cards hold what is left. */
function expectOnce({ sent, money, wallets, till, opening }: Evening, folder: string): void {
  using book = openBook(folder)
  const lines = book.reader.lines({ limit: 1_000_000 })
  const linesOf = (action: string) => lines.filter((line) => line.action === action)
  const idsOf = (action: string) => linesOf(action).map(({ id }) => String(id))
  const answered = (kind: Sent['kind']) =>
    sent.filter((one) => one.kind === kind).map(({ answer }) => answer?.json.uuid)
  expect(idsOf('SAL').toSorted()).toEqual(answered('sale').toSorted())
  const refills = [...answered('refill'), ...opening]
  expect(idsOf('REF').toSorted()).toEqual(refills.toSorted())
  const balanceOf = (wallet: string) =>
    Number(book.state.get('account', `${wallet}/${money}` as never)?.balance ?? 0n)
  const left = TAGS.reduce((sum, tag) => sum + balanceOf(wallets.get(tag) ?? ''), 0)
  const filled = TAGS.length * FIRST_CENTS + sumOf(sent, 'refill')
  expect(left).toBe(filled - sumOf(sent, 'sale'))
  expect(balanceOf(till.wallet)).toBe(sumOf(sent, 'sale'))
  const burnt = sent.flatMap(({ kind, answer }) =>
    kind === 'void' ? answer?.json.serialized_transactions : [],
  )
  const emptied = SPARE_TAGS.filter((tag) => balanceOf(wallets.get(tag) ?? '') === 0)
  expect(burnt).toHaveLength(emptied.length)
}

import { type AnswerOf, getBlock, getConsistency, isProblem, listBlocks } from '@fedow/api'
import {
  blockHash,
  type Checkpoint,
  checkpointKey,
  fromBase64,
  fromBase64url,
  HASH_BYTES,
  hashLeaf,
  isConsistent,
  Malformed,
  nobleVerify,
  parseCheckpoint,
  parseNote,
  rootAt,
  TILE_WIDTH,
  toHex,
  verifyNote,
} from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../src/store/hash.ts'
import { startServer, type TestServer } from './http-server.ts'
import { problemOf } from './http-world.ts'
import { type Bar, barTxs, newBar, sale } from './test-network.ts'

const MEANS = { hash: sha256, verify: nobleVerify }
/** More than two full tiles, with what opens the bar. */
const SALES = 560

let server: TestServer
let bar: Bar

beforeAll(async () => {
  server = await startServer()
  const { network, engine } = server
  bar = newBar(2)
  for (const tx of barTxs(network, bar)) await engine.submit(tx)
  await sealAll()
  await Promise.all(Array.from({ length: SALES }, () => pay()))
  await sealAll()
  await pay()
  await sealAll()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function pay(): Promise<void> {
  const { network, engine } = server
  const [card] = bar.cards
  if (card === undefined) throw new Error('the bar has cards')
  const submission = await engine.submit(sale(network, bar, { card, amount: 1n }))
  expect(submission.status).toBe('decided')
}

/** Waits until everything that was decided is sealed. */
async function sealAll(): Promise<void> {
  const { height } = server.book.reader.tip()
  for await (const _ of server.engine.blocks(height)) return
}

function get(path: string): Promise<Response> {
  return fetch(`${server.origin}/api/v2/history/${path}`)
}

async function bytesAt(path: string): Promise<Uint8Array> {
  const response = await get(path)
  if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`)
  expect(response.headers.get('content-type')).toBe('application/octet-stream')
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  return new Uint8Array(await response.arrayBuffer())
}

/** Reads a note as a stranger who knows the key of the log. */
function read(text: string): Checkpoint {
  const { chain, genesis } = server.network.genesis
  const key = checkpointKey(fromBase64url(genesis.checkpoint) ?? new Uint8Array(), chain)
  const note = parseNote(text)
  if (note instanceof Malformed) throw note
  expect(verifyNote(MEANS, note, [key])).toHaveLength(1)
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint instanceof Malformed) throw checkpoint
  return checkpoint
}

async function checkpoint(): Promise<Checkpoint> {
  return read(await (await get('checkpoint')).text())
}

/** The address of the last tile of a level, or of a full one, as tlog-tiles writes it. */
function nameOf(number: number, width: number): string {
  const groups = String(number).padStart(3, '0')
  return width === TILE_WIDTH ? groups : `${groups}.p/${width}`
}

/** Every tile of one level up to a size. */
function namesOf(count: number): readonly string[] {
  const full = Math.floor(count / TILE_WIDTH)
  const names = Array.from({ length: full }, (_, number) => nameOf(number, TILE_WIDTH))
  return count % TILE_WIDTH === 0 ? names : [...names, nameOf(full, count % TILE_WIDTH)]
}

function toEntries(bundle: Uint8Array): readonly Uint8Array[] {
  const entries: Uint8Array[] = []
  const view = new DataView(bundle.buffer, bundle.byteOffset)
  for (let at = 0; at < bundle.length; ) {
    const length = view.getUint16(at)
    entries.push(bundle.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return entries
}

describe('the checkpoint', () => {
  it('is the signed note of the last sealed block, and not kept for long', async () => {
    const response = await get('checkpoint')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('public, max-age=1')
    const { size, height, root } = read(await response.text())
    const last = server.book.reader.lastSealed()
    expect({ size, height, history: toHex(root) }).toEqual({
      size: last?.size,
      height: last?.height,
      history: last?.history,
    })
    expect(size).toBeGreaterThan(2 * TILE_WIDTH)
  })

  it('stands on each block, once it is sealed, with the roots that it signs', async () => {
    const { height } = await checkpoint()
    let parent = '0'.repeat(64)
    for (let at = 0; at <= height; at += 1) {
      const block = await server.anyone.call(getBlock, { params: { height: at } })
      const { size, state, root, block: hash } = read(block.checkpoint ?? '')
      expect(block).toMatchObject({ height: at, size, parent, hash: toHex(hash) })
      expect([block.state, block.history]).toEqual([toHex(state), toHex(root)])
      expect(block.hash).toBe(hashOf(block))
      parent = block.hash ?? ''
    }
    const { blocks } = await server.anyone.call(listBlocks, { query: { limit: 1 } })
    expect(blocks).toMatchObject([{ height, hash: parent }])
  })

  function hashOf(block: AnswerOf<typeof getBlock>): string {
    const { height, txs, parent, state, history, time } = block
    if (parent === undefined || state === undefined || history === undefined) return ''
    const { chain } = server.network.genesis
    const timeUs = Date.parse(time) * 1_000
    return blockHash(sha256, { chain, height, timeUs, parent, txs, state, history })
  }
})

describe('the tiles', () => {
  it('give the root of the checkpoint, level by level', async () => {
    const { size, root } = await checkpoint()
    const tiles = new Map<string, Uint8Array>()
    let [level, count] = [0, size]
    for (; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
      for (const [number, name] of namesOf(count).entries()) {
        tiles.set(`${level}/${number}`, await bytesAt(`tile/${level}/${name}`))
      }
    }
    expect([...tiles.keys()]).toContain('1/0')
    const tile = (at: number, number: number) => tiles.get(`${at}/${number}`)
    expect(toHex(rootAt(sha256, { tile }, size))).toBe(toHex(root))
  })

  it('have the hashes of the leaves that the bundles show', async () => {
    const { size } = await checkpoint()
    for (const name of namesOf(size)) {
      const entries = toEntries(await bytesAt(`tile/entries/${name}`))
      const hashes = entries.map((entry) => toHex(hashLeaf(sha256, entry)))
      expect(hashes.join('')).toBe(toHex(await bytesAt(`tile/0/${name}`)))
      expect(new Set(entries.map(({ length }) => length)).isSubsetOf(new Set([32, 80]))).toBe(true)
    }
  })

  it('stay at the addresses that they had at an earlier size', async () => {
    const { blocks } = await server.anyone.call(listBlocks, { query: {} })
    const full = await bytesAt('tile/0/000')
    for (const { size = 0 } of blocks.filter((block) => (block.size ?? 0) < TILE_WIDTH)) {
      const part = await bytesAt(`tile/0/${nameOf(0, size)}`)
      expect(toHex(part)).toBe(toHex(full.subarray(0, size * HASH_BYTES)))
      const entries = toEntries(await bytesAt(`tile/entries/${nameOf(0, size)}`))
      expect(entries).toHaveLength(size)
    }
  })

  it.each([
    '',
    'x',
    '0',
    '0/',
    '0/0',
    '0/00',
    '0/0000',
    '0/x000/000',
    '0/001/000',
    '0/x001',
    '0/003',
    '0/999',
    '0/x999/x999/x999/x999/999',
    `0/${'x999/'.repeat(60)}999`,
    '0/000.p/0',
    '0/000.p/01',
    '0/000.p/256',
    '0/000.p/257',
    '0/000.p/9999999999',
    '0/000.p/-1',
    '0/000.p/',
    '0/000.p',
    '0/000/',
    '0//000',
    '00/000',
    '01/000',
    '-1/000',
    '1e0/000',
    '2/000',
    '2/000.p/1',
    '7/000.p/1',
    '63/000.p/1',
    '64/000.p/1',
    '99999999999999999999/000',
    'entries/',
    'entries/x',
    'entries/00',
    'entries/x000/000',
    'entries/003',
    'entries/999',
    'entries/000.p/256',
    'entries/entries/000',
    'data/000',
    '%00',
    '0/%30%30%30%00',
    '0/000%0A',
  ])('are none at tile/%s', async (path) => {
    const response = await get(`tile/${path}`)
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const problem: unknown = await response.json()
    expect(isProblem(problem) && problem.code).toBe('tile_not_found')
  })

  it('end where the sealed history ends', async () => {
    const { size } = await checkpoint()
    const [number, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH]
    expect((await get(`tile/0/${nameOf(number, width)}`)).status).toBe(200)
    for (const row of ['0', 'entries']) {
      for (const name of [nameOf(number, width + 1), nameOf(number, TILE_WIDTH)]) {
        expect((await get(`tile/${row}/${name}`)).status, name).toBe(404)
      }
    }
  })
})

describe('a consistency proof', () => {
  it('leads from any sealed size to any later one', async () => {
    const { blocks } = await server.anyone.call(listBlocks, { query: {} })
    const heads = blocks.map(({ size = 0, history = '' }) => ({ size, root: bytes(history) }))
    for (const from of heads) {
      for (const to of heads.filter(({ size }) => size >= from.size)) {
        const query = { from: from.size, to: to.size }
        const proof = await server.anyone.call(getConsistency, { query })
        expect(proof).toMatchObject(query)
        const hashes = proof.hashes.map((text) => fromBase64(text) ?? new Uint8Array())
        expect(isConsistent(sha256, { from, to, hashes })).toBe(true)
      }
    }
  })

  it('is empty from nothing', async () => {
    const { size: to } = await checkpoint()
    const query = { from: 0, to }
    expect(await server.anyone.call(getConsistency, { query })).toEqual({ ...query, hashes: [] })
  })

  it('is none beyond the sealed history, nor backwards', async () => {
    const { size } = await checkpoint()
    for (const to of [size + 1, Number.MAX_SAFE_INTEGER]) {
      const query = { from: 1, to }
      expect(await problemOf(server.anyone, getConsistency, { query })).toMatchObject({
        status: 404,
        code: 'history_too_short',
        with: { size, asked: to },
      })
    }
    const query = { from: size, to: size - 1 }
    expect(await problemOf(server.anyone, getConsistency, { query })).toMatchObject({
      status: 400,
      code: 'invalid_request',
    })
  })

  it.each([
    '',
    '?from=1',
    '?to=1',
    '?from=-1&to=1',
    '?from=a&to=b',
    '?from=1&to=9007199254740992',
    '?from=1&to=1e400',
    '?from=1&to=2&more=3',
  ])('is refused for %s', async (query) => {
    const response = await get(`consistency${query}`)
    expect(response.status).toBe(400)
    expect(isProblem(await response.json())).toBe(true)
  })
})

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex)
}

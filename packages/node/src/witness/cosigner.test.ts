import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  checkSignatures,
  encodeVerifierKey,
  Malformed,
  type Note,
  nobleVerify,
  parseNote,
  signatureLine,
  toBase64,
  toUtf8,
} from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ToyLog } from '../../test/toy-log.ts'
import { sha256 } from '../store/hash.ts'
import { SigningKey } from '../store/key-file.ts'
import { openPeopleDb } from '../store/people-db.ts'
import { WatchedLogs } from '../store/watched-logs.ts'
import { Cosigner } from './cosigner.ts'
import { encodeSubmission } from './submission.ts'

const means = { hash: sha256, verify: nobleVerify }
const log = new ToyLog('log.example/été', { size: 600 })
const key = SigningKey.generate()

let folder: string
let nowMs: number
let opened: Opened

interface Opened extends Disposable {
  readonly logs: WatchedLogs
  readonly cosigner: Cosigner
}

function open(): Opened {
  const db = openPeopleDb(join(folder, 'people.db'))
  const logs = new WatchedLogs(db)
  const name = 'witness.example/w'
  const cosigner = new Cosigner({ logs, key, name, means, now: () => nowMs })
  return { logs, cosigner, [Symbol.dispose]: () => db.close() }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-cosigner-'))
  nowMs = 1_800_000_000_500
  opened = open()
  opened.logs.watch(log.key.name, log.vkey)
})

afterEach(() => {
  opened[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

const add = (body: string | Uint8Array) =>
  opened.cosigner.add(typeof body === 'string' ? toUtf8(body) : body)

function noteOf(text: string): Note {
  const note = parseNote(text)
  if (note instanceof Malformed) throw new Error(note.expected)
  return note
}

describe('a witness co-signs', () => {
  it('a first checkpoint, the next ones, and the same again, over the whole text', () => {
    const text = log.text(7, 'state x\nheight 3\n')
    const proof = log.proof(5, 7)
    expect(add(log.submission(0, 5)).status).toBe(200)
    const answer = add(encodeSubmission({ old: 5, proof, note: log.note(text) }))
    if (!('lines' in answer)) throw new Error(JSON.stringify(answer))
    const { signatures } = noteOf(`-\n\n${answer.lines}`)
    const witness = opened.cosigner.key
    const checked = checkSignatures(means, { text, signatures }, [witness])
    expect(checked).toEqual([{ key: witness, timeS: 1_800_000_000, isValid: true }])
    const other = checkSignatures(means, { text: log.text(7), signatures }, [witness])
    expect(other).toMatchObject([{ isValid: false }])
    expect(add(log.submission(7, 7)).status).toBe(200)
    expect(add(log.submission(7, 600)).status).toBe(200)
  })

  it('the tree without leaves, and what comes after it', () => {
    const empty = new ToyLog('empty.example', { size: 0 })
    opened.logs.watch('empty.example', empty.vkey)
    const forged = `empty.example\n0\n${toBase64(new Uint8Array(32))}\n`
    const old = { old: 0, proof: [] }
    expect(add(encodeSubmission({ ...old, note: empty.note(forged) })).status).toBe(422)
    expect(add(empty.submission(0, 0)).status).toBe(200)
    expect(add(empty.forked(9, 4).submission(0, 4)).status).toBe(200)
  })

  it('with signatures of others on the note, which it passes over', () => {
    const { text, signatures } = noteOf(log.note(log.text(3)))
    const strange = signatureLine({
      name: 'other.example',
      id: Uint8Array.of(1, 2, 3, 4),
      bytes: new Uint8Array(64),
    })
    const note = `${text}\n${strange}${signatures.map(signatureLine).join('')}`
    expect(add(encodeSubmission({ old: 0, proof: [], note })).status).toBe(200)
  })

  it('never with an earlier time than before', () => {
    add(log.submission(0, 5))
    nowMs -= 86_400_000
    const answer = add(log.submission(5, 6))
    if (!('lines' in answer)) throw new Error(JSON.stringify(answer))
    const { signatures } = noteOf(`-\n\n${answer.lines}`)
    const note = { text: log.text(6), signatures }
    expect(checkSignatures(means, note, [opened.cosigner.key])).toMatchObject([
      { timeS: 1_800_000_000, isValid: true },
    ])
  })
})

describe('a witness refuses', () => {
  it('a log that it does not watch, or no longer: 404', () => {
    const stranger = new ToyLog('stranger.example', { size: 2 })
    expect(add(stranger.submission(0, 2))).toMatchObject({ status: 404 })
    opened.logs.unwatch(log.key.name)
    expect(add(log.submission(0, 2))).toMatchObject({ status: 404 })
  })

  it('a checkpoint without a signature that holds of the key that it knows: 403', () => {
    const thief = new ToyLog(log.key.name, { size: 5 })
    expect(add(thief.submission(0, 5))).toMatchObject({ status: 403 })
    const swapped = log.note(log.text(4)).replace(log.text(4), log.text(5))
    const forged = encodeSubmission({ old: 0, proof: [], note: swapped })
    expect(add(forged)).toMatchObject({ status: 403 })
    const both = noteOf(thief.note(log.text(5)))
    const good = noteOf(log.note(log.text(5)))
    const signatures = [...both.signatures, ...good.signatures].map(signatureLine).join('')
    const note = `${good.text}\n${signatures}`
    expect(add(encodeSubmission({ old: 0, proof: [], note }))).toMatchObject({ status: 200 })
  })

  it('an old size above the checkpoint: 400; another than it has seen: 409 with the one it has', () => {
    expect(add(encodeSubmission({ old: 6, proof: [], note: log.note(log.text(5)) }))).toMatchObject(
      {
        status: 400,
      },
    )
    expect(add(log.submission(2, 5))).toEqual({ status: 409, size: 0 })
    add(log.submission(0, 300))
    expect(add(log.submission(0, 300))).toEqual({ status: 409, size: 300 })
    expect(add(log.submission(299, 600))).toEqual({ status: 409, size: 300 })
    expect(add(log.submission(100, 200))).toEqual({ status: 409, size: 300 })
  })

  it('another root of the size that it has seen: 409, and it keeps both notes', () => {
    add(log.submission(0, 300))
    const rewritten = log.forked(100, 300)
    const answer = add(rewritten.submission(300, 300))
    expect(answer).toMatchObject({ status: 409, why: expect.stringContaining('300') })
    expect(opened.logs.refusedOf(log.key.name)).toEqual([
      {
        kind: 'conflict',
        cosigned: log.note(log.text(300)),
        refused: rewritten.note(rewritten.text(300)),
        timeMs: nowMs,
      },
    ])
    nowMs += 3_600_000
    add(log.forked(200, 300).submission(300, 300))
    expect(opened.logs.refusedOf(log.key.name)).toMatchObject([{ timeMs: nowMs - 3_600_000 }])
  })

  it('what does not continue the history that it has seen: 422, whatever proof comes with it', () => {
    add(log.submission(0, 300))
    const rewritten = log.forked(100, 600)
    expect(add(rewritten.submission(300, 600))).toMatchObject({ status: 422 })
    const borrowed = log.proof(300, 600)
    const note = rewritten.note(rewritten.text(600))
    expect(add(encodeSubmission({ old: 300, proof: borrowed, note }))).toMatchObject({
      status: 422,
    })
    const good = log.note(log.text(600))
    for (const proof of [[], borrowed.slice(1), [...borrowed, borrowed[0] ?? new Uint8Array(32)]]) {
      expect(add(encodeSubmission({ old: 300, proof, note: good }))).toMatchObject({ status: 422 })
    }
    expect(add(log.submission(300, 600)).status).toBe(200)
    const extra = encodeSubmission({ old: 600, proof: borrowed, note: good })
    expect(add(extra)).toMatchObject({ status: 422 })
  })

  it('a proof from nothing: 422', () => {
    const note = log.note(log.text(5))
    expect(add(encodeSubmission({ old: 0, proof: log.proof(1, 5), note }))).toMatchObject({
      status: 422,
    })
  })

  it.each([
    ['nothing', ''],
    ['no empty line', 'old 0\n'],
    ['no checkpoint', 'old 0\n\n'],
    ['another first line', `size 0\n\n${log.note(log.text(5))}`],
    ['leading zeros', `old 00\n\n${log.note(log.text(5))}`],
    ['a sign', `old +0\n\n${log.note(log.text(5))}`],
    ['two spaces', `old  0\n\n${log.note(log.text(5))}`],
    ['a number that is too large', `old 9007199254740992\n\n${log.note(log.text(5))}`],
    ['a proof that is no base64', `old 0\nx\n\n${log.note(log.text(5))}`],
    ['a hash of 31 bytes', `old 0\n${toBase64(new Uint8Array(31))}\n\n${log.note(log.text(5))}`],
    [
      '64 hashes',
      `old 0\n${`${toBase64(new Uint8Array(32))}\n`.repeat(64)}\n${log.note(log.text(5))}`,
    ],
    ['carriage returns', `old 0\r\n\r\n${log.note(log.text(5))}`],
    ['a checkpoint of two lines', `old 0\n\n${log.note('log.example/été\n5\n')}`],
    ['a size in words', `old 0\n\n${log.note(log.text(5).replace('\n5\n', '\nfive\n'))}`],
    ['a root of 33 bytes', `old 0\n\n${log.note(`x\n5\n${toBase64(new Uint8Array(33))}\n`)}`],
    ['no signature', `old 0\n\n${log.text(5)}\n`],
    ['bytes that are no text', Uint8Array.of(0x6f, 0x6c, 0x64, 0x20, 0xff)],
    ['too much', `old 0\n\n${'x'.repeat(70_000)}`],
  ])('a body with %s: 400', (_, body) => {
    expect(add(body)).toMatchObject({ status: 400, why: expect.any(String) })
  })

  it('takes 63 hashes for what they are: a proof, and not one', () => {
    const proof = Array.from({ length: 63 }, () => new Uint8Array(32))
    const body = encodeSubmission({ old: 0, proof, note: log.note(log.text(5)) })
    expect(add(body)).toMatchObject({ status: 422 })
  })
})

describe('what a witness remembers', () => {
  it('is there when it is opened again, and when the log was not watched meanwhile', () => {
    add(log.submission(0, 300))
    opened[Symbol.dispose]()
    opened = open()
    expect(add(log.submission(0, 600))).toEqual({ status: 409, size: 300 })
    opened.logs.unwatch(log.key.name)
    expect(opened.logs.watch(log.key.name, log.vkey)).toBe('watched')
    expect(add(log.submission(0, 600))).toEqual({ status: 409, size: 300 })
    expect(add(log.forked(0, 600).submission(300, 600))).toMatchObject({ status: 422 })
    expect(add(log.submission(300, 600)).status).toBe(200)
  })

  it('is not exchanged under another key by a second word', () => {
    const thief = new ToyLog(log.key.name, { size: 5 })
    expect(opened.logs.watch(log.key.name, thief.vkey)).toBe('other_key')
    expect(add(log.submission(0, 5)).status).toBe(200)
  })

  it('writes failing proofs of a log down once a minute at most', () => {
    add(log.submission(0, 300))
    const fork = log.forked(100, 600)
    const refusedSize = () => opened.logs.refusedOf(log.key.name)[0]?.refused.split('\n')[1]
    for (const [size, laterMs] of [
      [400, 0],
      [500, 59_000],
      [600, 60_000],
    ] as const) {
      nowMs = 1_800_000_000_500 + laterMs
      expect(add(fork.submission(300, size)).status).toBe(422)
      expect(refusedSize()).toBe(laterMs < 60_000 ? '400' : '600')
    }
  })

  it('is known by a key of type 4', () => {
    expect(encodeVerifierKey(sha256, opened.cosigner.key)).toMatch(
      /^witness\.example\/w\+[0-9a-f]{8}\+B/,
    )
  })
})

import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, type TestContext, test } from 'vitest'
import {
  type Cut,
  compileRecorder,
  cut,
  marksBefore,
  type Recording,
  record,
  seededRandom,
  writeCut,
} from './recording.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`power-cut seed: ${SEED}`)

function temporaryFolder() {
  return mkdtempDisposableSync(join(tmpdir(), 'power-cut-test-'))
}

function recorderOrSkip(context: TestContext): string {
  return compileRecorder() ?? context.skip('power cuts need Linux and a C compiler')
}

describe('a cut', () => {
  const bytes = new Uint8Array(2048).fill(255)
  const draws = Array.from({ length: 300 }, (_, index) => seededRandom(SEED + index))

  function fileAfter(operations: Recording['operations'], random: () => number, path = 'file') {
    const recording = { initial: new Map(), operations, marks: [] }
    return cut(recording, { position: operations.length, random }).get(path)
  }

  test('keeps what a finished sync covers, and may lose what came after its start', () => {
    const lengths = draws.map((random) => {
      const file = fileAfter(
        [
          { kind: 'open', path: 'file', truncates: false },
          { kind: 'write', path: 'file', offset: 0, bytes },
          { kind: 'sync_start', path: 'file', sync: 1 },
          { kind: 'write', path: 'file', offset: 2048, bytes },
          { kind: 'sync_end', path: 'file', sync: 1 },
        ],
        random,
      )
      expect(file?.subarray(0, 2048)).toEqual(bytes)
      return file?.length
    })
    expect(lengths).toContain(2048)
    expect(lengths).toContain(4096)
  })

  test('may lose all that an unfinished sync would have covered, but not the name', () => {
    const lengths = draws.map(
      (random) =>
        fileAfter(
          [
            { kind: 'open', path: 'draft', truncates: false },
            { kind: 'write', path: 'draft', offset: 0, bytes },
            { kind: 'sync_start', path: 'draft', sync: 1 },
            { kind: 'rename', path: 'draft', to: 'file' },
          ],
          random,
        )?.length,
    )
    expect(lengths).toContain(0)
    expect(lengths).toContain(2048)
    expect(lengths).not.toContain(undefined)
  })

  test('tears a write between sectors, never within one', () => {
    const offset = 100
    const files = draws.map((random) => {
      const recording: Recording = {
        initial: new Map([['file', new Uint8Array(4096)]]),
        operations: [{ kind: 'write', path: 'file', offset, bytes }],
        marks: [],
      }
      return cut(recording, { position: 1, random }).get('file') ?? new Uint8Array()
    })
    const survived = files.map((file) =>
      [0, 1, 2, 3, 4].map((sector) => {
        const start = Math.max(sector * 512, offset)
        const kinds = new Set(file.subarray(start, Math.min((sector + 1) * 512, offset + 2048)))
        expect(kinds.size).toBe(1)
        return kinds.has(255)
      }),
    )
    expect(survived).toContainEqual([true, true, true, true, true])
    expect(survived).toContainEqual([false, false, false, false, false])
    expect(survived.some((sectors) => sectors.includes(true) && sectors.includes(false))).toBe(true)
    for (const file of files) expect(file.subarray(0, offset)).toEqual(new Uint8Array(offset))
  })
})

describe('a recording', () => {
  async function recordScript(library: string, lines: string) {
    using scripts = temporaryFolder()
    using folder = temporaryFolder()
    const script = join(scripts.path, 'script.mjs')
    writeFileSync(
      script,
      `import * as fs from 'node:fs'\nprocess.chdir(${JSON.stringify(folder.path)})\n${lines}`,
    )
    writeFileSync(join(folder.path, 'before'), 'before')
    return await record({ folder: folder.path, library, script })
  }

  test('follows every way in which Node writes a file', async (context) => {
    const recording = await recordScript(
      recorderOrSkip(context),
      `fs.appendFileSync('before', ' and after')
       const fd = fs.openSync('draft', 'w')
       fs.writevSync(fd, [Buffer.from('one '), Buffer.from('two ')])
       fs.writevSync(fd, [Buffer.from('ONE'), Buffer.from(' TWO')], 0)
       fs.writeSync(fd, 'three', 8)
       fs.ftruncateSync(fd, 10)
       fs.fdatasyncSync(fd)
       fs.renameSync('draft', 'final')
       fs.writeSync(fd, 'end', 10)
       fs.fsyncSync(fd)
       await Promise.all(Array.from({ length: 20 }, async (_, number) => {
         fs.mkdirSync('many', { recursive: true })
         await fs.promises.writeFile('many/' + number, 'x'.repeat(number), { flush: true })
         if (number % 2) await fs.promises.rm('many/' + number)
       }))
       fs.renameSync('many', 'some')
       fs.writeFileSync('before', 'last', { flush: true })`,
    )
    const files = cut(recording, {
      position: recording.operations.length,
      random: seededRandom(SEED),
    })
    const texts = [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])
    const even = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
    expect(Object.fromEntries(texts)).toEqual({
      before: 'last',
      final: 'ONE TWO thend',
      ...Object.fromEntries(even.map((number) => [`some/${number}`, 'x'.repeat(number)])),
    })
  })

  test('is refused when a change went past the recorder', async (context) => {
    const library = recorderOrSkip(context)
    await expect(recordScript(library, `fs.linkSync('before', 'after')`)).rejects.toThrow('after')
  })

  test('is refused when the script fails, with its words', async (context) => {
    const library = recorderOrSkip(context)
    await expect(recordScript(library, `throw new Error('no money')`)).rejects.toThrow('no money')
  })
})

describe('SQLite after a power cut', () => {
  async function recordCommits(library: string, synchronous: 'FULL' | 'OFF') {
    using folder = temporaryFolder()
    const script = join(import.meta.dirname, 'wal-commits.ts')
    const args = [join(folder.path, 'book.db'), synchronous]
    return await record({ folder: folder.path, library, script, args })
  }

  /** Opens the database of a cut. One that SQLite cannot read says why, and backs no answer. */
  function openCut(recording: Recording, { position, random }: Cut) {
    using folder = temporaryFolder()
    writeCut(recording, { position, random, target: folder.path })
    try {
      using db = new DatabaseSync(join(folder.path, 'book.db'))
      const [integrity] = db.prepare('PRAGMA integrity_check').all()
      const table = db.prepare("SELECT name FROM sqlite_schema WHERE name = 'line'").get()
      const rows = table ? db.prepare('SELECT number, text FROM line').all() : []
      const whole = rows.filter(({ number, text }) => text === `line ${number} `.repeat(50))
      const backed = new Set(whole.map(({ number }) => `answered ${number}`))
      const lost = marksBefore(recording, position).filter((answer) => !backed.has(answer))
      return { integrity: integrity?.integrity_check, lost }
    } catch (error) {
      if (!(error instanceof Error && 'errcode' in error)) throw error
      return { integrity: error.message, lost: marksBefore(recording, position) }
    }
  }

  function randomPositions(count: number, { from, to }: { from: number; to: number }) {
    const random = seededRandom(SEED)
    return Array.from({ length: count }, () => from + Math.floor(random() * (to - from + 1))).sort(
      (a, b) => a - b,
    )
  }

  test('holds every row answered before the cut when each commit is synced', async (context) => {
    const recording = await recordCommits(recorderOrSkip(context), 'FULL')
    expect(recording.marks).toHaveLength(100)
    const random = seededRandom(SEED)
    for (const position of randomPositions(200, { from: 0, to: recording.operations.length })) {
      const opened = openCut(recording, { position, random })
      expect(opened, `seed ${SEED}, cut at ${position}`).toEqual({ integrity: 'ok', lost: [] })
    }
  })

  test('loses answered rows when nothing is synced, or the harness is broken', async (context) => {
    const library = recorderOrSkip(context)
    const random = seededRandom(SEED)
    let lossyRecordings = 0
    for (let round = 0; round < 10; round++) {
      const recording = await recordCommits(library, 'OFF')
      const last = recording.operations.length
      const positions = randomPositions(5, { from: Math.floor(last * 0.9), to: last })
      const isLossy = positions.some(
        (position) => openCut(recording, { position, random }).lost.length > 0,
      )
      if (isLossy) lossyRecordings += 1
    }
    expect(lossyRecordings, `seed ${SEED}`).toBeGreaterThanOrEqual(9)
  })
})

/** What becomes of seals when a book is older, when its node stops at once, and when its state tree fails. */
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { CardId, SignedTx } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { startNode } from '../../src/node.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { type Book, BookMismatchError } from '../../src/store/book.ts'
import { OlderVersionError } from '../../src/store/database.ts'
import { readKeys } from '../../src/store/folder.ts'
import { StateTreeError } from '../../src/store/state-tree-thread.ts'
import { sealsOf } from '../engine/rebuild.ts'
import { seededRandom } from '../power-cut/recording.ts'
import { type Bar, barTxs, newBar, sale, TestNetwork } from '../test-network.ts'
import { runDay } from './child.ts'
import { openFile, soundFolder } from './sound-folder.ts'
import { copyFolder, openBook, sealsAndWanted, temporaryFolder } from './verify.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`sealing seed: ${SEED}`)

interface Running {
  readonly book: Book
  readonly engine: SoloEngine
  readonly failures: unknown[]
}

function open(folder: string, failures: unknown[] = []): Running {
  const book = openBook(folder)
  const onFatal = (cause: unknown) => failures.push(cause)
  const checkpointKey = readKeys(folder).checkpoint
  return { book, engine: new SoloEngine({ book, checkpointKey, onFatal }), failures }
}

function sealed(folder: string) {
  using book = openBook(folder)
  return sealsOf(book)
}

/** Makes a book as the first version left it: without seals, its records complete up to a mark. */
function makeOld(folder: string): void {
  using db = openFile(folder)
  db.exec(`DROP TABLE seal; DROP TABLE tile; DROP TABLE melt_due; DROP TABLE melt_survey; ALTER TABLE line DROP COLUMN imported; PRAGMA user_version = 1;
    INSERT INTO mark VALUES ('checkpoint', (SELECT max(height) FROM block WHERE count IS NOT NULL))`)
}

describe('a book of before seals', () => {
  it('is sealed from its genesis, as if it always had been', async () => {
    using sound = await soundFolder()
    const wanted = sealed(sound.folder)
    makeOld(sound.folder)
    await expect(auditFolder(sound.folder)).rejects.toThrow(OlderVersionError)
    const { engine, failures } = open(sound.folder)
    await engine.close()
    expect(failures).toEqual([])
    expect(sealed(sound.folder)).toEqual(wanted)
    expect(await auditFolder(sound.folder)).toMatchObject({ ok: true, checkpoints: wanted.length })
  })

  it('is sealed too when a kill left it in the middle of a block', async () => {
    using folder = temporaryFolder()
    const crash = { point: 'batch_answered', nth: 30 } as const
    const day = { folder: folder.path, seed: SEED, rounds: [40, 200], orders: 1, crash }
    expect((await runDay(day)).signal).toBe('SIGKILL')
    makeOld(folder.path)
    await open(folder.path).engine.close()
    expect(await auditFolder(folder.path)).toMatchObject({ ok: true })
    const { seals, wanted } = await sealsAndWanted(folder.path, seededRandom(SEED))
    expect(seals, `seed ${SEED}`).toEqual(wanted)
    expect(seals.length).toBeGreaterThan(1)
  })
})

describe('a stop', () => {
  let network: TestNetwork
  let bar: Bar

  beforeAll(async () => {
    network = new TestNetwork()
    bar = newBar(2)
    const { engine } = open(network.folder)
    for (const tx of barTxs(network, bar)) await engine.submit(tx)
    await engine.close()
  })

  afterAll(() => network[Symbol.dispose]())

  const pay = (amount = 1n) => sale(network, bar, { card: bar.cards[0] as CardId, amount })

  it('while the tree is being made seals what is owed', async () => {
    using copy = copyFolder(network.folder)
    for (let stop = 0; stop < 10; stop += 1) {
      const { engine, failures } = open(copy.path)
      if (stop % 2 === 0) void engine.submit(pay())
      await engine.close()
      expect(failures).toEqual([])
      using book = openBook(copy.path)
      expect(book.reader.lastSealed()?.height).toBe(book.reader.tip().height)
    }
    expect(await auditFolder(copy.path)).toMatchObject({ ok: true, height: 6 })
  })

  it('leaves to the next start what it has no time to seal', async () => {
    using copy = copyFolder(network.folder)
    makeOld(copy.path)
    const book = openBook(copy.path)
    const { height } = book.reader.tip()
    const checkpointKey = readKeys(copy.path).checkpoint
    const onFatal = (cause: unknown) => {
      throw cause
    }
    const engine = new SoloEngine({ book, checkpointKey, sealWithinMs: 0, onFatal })
    await engine.close()
    expect(sealed(copy.path)).toEqual([])
    expect(await auditFolder(copy.path)).toMatchObject({ ok: true, checkpoints: 0 })
    await open(copy.path).engine.close()
    expect(sealed(copy.path).length).toBe(height + 1)
  })

  it('at once leaves nothing behind, many times', async () => {
    using copy = copyFolder(network.folder)
    const failures: unknown[] = []
    for (let stop = 0; stop < 30; stop += 1) {
      await open(copy.path, failures).engine.close()
    }
    // The folder is gone before the last threads are.
    copy.remove()
    const { engine } = open(network.folder, failures)
    await engine.submit(pay())
    await engine.close()
    expect(failures).toEqual([])
  })
})

describe('a node whose records are not those of its last seal', () => {
  const richer = `UPDATE record SET value = json_set(value, '$.held', 1) WHERE id LIKE 'account/%'`

  it('seals nothing over them, and says what it means', async () => {
    using sound = await soundFolder()
    {
      using db = openFile(sound.folder)
      db.exec(richer)
    }
    const before = sealed(sound.folder)
    const { book, engine, failures } = open(sound.folder)
    const { height } = book.reader.tip()
    // The book closes a block at once: it has what is to be sealed, and may not.
    const bar = newBar(1)
    await engine.submit(barTxs(sound, bar)[0] as SignedTx)
    for await (const { height: found } of engine.blocks(height + 1)) expect(found).toBeUndefined()
    await engine.close()
    expect(failures).toEqual([expect.any(BookMismatchError)])
    expect(String(failures[0])).toMatch(
      /ledger\.db does not follow from its own log: block \d+, its records do not give its state root\. Something else than Fedow.+Run fedow audit/,
    )
    expect(sealed(sound.folder)).toEqual(before)
  })

  it('stops', async () => {
    using sound = await soundFolder()
    {
      using db = openFile(sound.folder)
      db.exec(richer)
    }
    const node = await startNode(readConfig({ FEDOW_DATA: sound.folder }), { listen: 'socket' })
    const reason = await node.stopped
    expect(reason).toMatchObject({ kind: 'failed' })
    expect(reason).toMatchObject({ message: expect.stringContaining('Run fedow audit on the') })
  })
})

describe('a node whose thread of the state tree ends', () => {
  let network: TestNetwork

  beforeAll(() => {
    network = new TestNetwork()
  })

  afterAll(() => network[Symbol.dispose]())

  /** The thread that is started next. */
  async function nextThread(): Promise<Worker> {
    const [worker] = await once(process, 'worker')
    return worker
  }

  it('fails once, answers whoever waits for a proof, and lets the next start seal', async () => {
    using copy = copyFolder(network.folder)
    const started = nextThread()
    const { book, engine, failures } = open(copy.path)
    const worker = await started
    const ended = once(worker, 'error')
    const bar = newBar(1)
    const [tx, ...later] = barTxs(network, bar) as [SignedTx, ...SignedTx[]]
    expect(await engine.submit(tx)).toMatchObject({ status: 'decided' })
    worker.postMessage({ kind: 'records', records: null })
    const proof = book.prove(0, 'clock/network')
    await ended
    expect(failures).toEqual([expect.any(StateTreeError)])
    expect([await proof, await book.prove(0, 'clock/network')]).toEqual([undefined, undefined])
    expect(await engine.submit(later[0] as SignedTx)).toMatchObject({ code: 'stopping' })
    await engine.close()
    const again = open(copy.path)
    await again.engine.close()
    expect(again.failures).toEqual([])
    expect(sealed(copy.path).length).toBe(2)
    expect(await auditFolder(copy.path)).toMatchObject({ ok: true })
  })

  it('does not wait for it when it is stopping', async () => {
    using copy = copyFolder(network.folder)
    const started = nextThread()
    const { engine, failures } = open(copy.path)
    const closed = engine.close()
    await (await started).terminate()
    await closed
    expect(failures.length).toBeLessThan(2)
    const again = open(copy.path)
    await again.engine.close()
    expect(await auditFolder(copy.path)).toMatchObject({ ok: true })
  })

  it('stops, and says what to do', async () => {
    using copy = copyFolder(network.folder)
    const started = nextThread()
    const node = await startNode(readConfig({ FEDOW_DATA: copy.path }), { listen: 'socket' })
    await (await started).terminate()
    expect(await node.stopped).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/the thread that hashes the records ended: .+ start the node/),
    })
  })
})

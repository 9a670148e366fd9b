import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Action, TxId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { makeCardFile } from '../../test/card-file-maker.ts'
import { CardImportWorld, cardFile } from '../../test/card-import-world.ts'
import type { Submission } from '../engine/engine.ts'
import { CardsKnownError } from '../store/card-directory.ts'
import { applyCardImport, type CardProgress, resumeCardImports } from './card-import.ts'

const DEMO = join(import.meta.dirname, '../../../../demo')

describe('planning an import', () => {
  it('takes a right file whole', () => {
    using world = new CardImportWorld()
    const bytes = readFileSync(join(DEMO, 'cards-raffinerie-1.csv'))
    const { rows, faults, skipped } = world.plan(bytes)
    expect({ rows: rows.length, faults, skipped }).toEqual({ rows: 400, faults: [], skipped: [] })
  })

  it('takes no card of a file with a fault', () => {
    using world = new CardImportWorld()
    const { rows, faults, skipped } = world.plan(readFileSync(join(DEMO, 'cards-faulty.csv')))
    expect(rows).toEqual([])
    expect(faults).toHaveLength(8)
    expect(skipped).toEqual([])
  })

  it('leaves faulty lines out on demand, and says which and why', () => {
    using world = new CardImportWorld()
    const bytes = readFileSync(join(DEMO, 'cards-faulty.csv'))
    const { rows, faults, skipped } = world.plan(bytes, { skipFaulty: true })
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 12, 13])
    expect(skipped.map(({ line }) => line)).toEqual([4, 5, 6, 7, 8, 9, 10, 11])
    expect(skipped.flatMap(({ reasons }) => reasons)).toEqual(faults.map(({ message }) => message))
  })

  it.each([
    ['nothing', ''],
    ['a spreadsheet', 'PK\u0003\u0004'],
    ['too many cards', makeCardFile({ seed: 3, count: 200_001, tagBytes: 4 })],
  ])('takes no card of a file that was not read to its end: %s', (_, bytes) => {
    using world = new CardImportWorld()
    const { rows, faults, skipped } = world.plan(bytes, { skipFaulty: true })
    expect(rows).toEqual([])
    expect(faults).toHaveLength(1)
    expect(skipped).toEqual([])
  })

  it('finds every row of a file that was imported before', async () => {
    using world = new CardImportWorld()
    await applyCardImport({ ...world.means(), plan: world.plan(cardFile(300)) })
    const batch = world.directory.batches()[0]?.batch ?? 'none'
    const again = world.plan(cardFile(300))
    expect(again.rows).toEqual([])
    expect(again.faults.map(({ line, code }) => `${line} ${code}`)).toEqual(
      Array.from({ length: 300 }, (_, index) => `${index + 1} known_card`),
    )
    expect(again.faults.every(({ message }) => message.includes(batch))).toBe(true)
  })

  it('lists faults of the file and of the directory by line', async () => {
    using world = new CardImportWorld()
    await applyCardImport({ ...world.means(), plan: world.plan(cardFile(2)) })
    const [first = '', second = ''] = new TextDecoder().decode(cardFile(2)).split('\n')
    const [third = '', fourth = ''] = new TextDecoder().decode(cardFile(2, 9)).split('\n')
    const mixed = `${third}\n${second}\nbroken\n${first}\n${fourth}\n`
    const { rows, faults, skipped } = world.plan(mixed, { skipFaulty: true })
    expect(faults.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 known_card',
      '3 missing_column',
      '4 known_card',
    ])
    expect(rows.map(({ line }) => line)).toEqual([1, 5])
    expect(skipped.map(({ line }) => line)).toEqual([2, 3, 4])
  })
})

describe('applying an import', () => {
  it('registers every card, in parts that the book takes', async () => {
    using world = new CardImportWorld()
    const { book } = world
    const steps: CardProgress[] = []
    const onProgress = (progress: CardProgress) => steps.push(progress)
    const order = { ...world.means(), plan: world.plan(cardFile(2_500)), onProgress }
    const result = await applyCardImport(order)
    const [batch] = world.directory.batches()
    expect(batch).toMatchObject({ ...world.order, createdMs: 7 })
    const done = { registered: 2_500, count: 2_500 }
    expect(result).toEqual({ status: 'registered', batch: batch?.batch, ...done })
    expect(steps.map(({ registered }) => registered)).toEqual([1_000, 2_000, 2_500])
    expect(book.txs).toBe(3)
    world.expectAgreement(2_500)
  })

  it('finds each card by what is printed on it', async () => {
    using world = new CardImportWorld()
    const bytes = readFileSync(join(DEMO, 'cards-festival-2-long-uid.csv'))
    await applyCardImport({ ...world.means(), plan: world.plan(bytes) })
    const missing = bytes
      .toString()
      .trim()
      .split('\n')
      .filter((line) => {
        const cards = line.split(',').map((text) => world.directory.find(text)?.card)
        return cards[0] === undefined || new Set(cards).size > 1
      })
    expect(missing).toEqual([])
  })

  it('refuses a plan that another import has overtaken, and keeps nothing of it', async () => {
    using world = new CardImportWorld()
    const [first, second] = [world.plan(cardFile(20)), world.plan(cardFile(10))]
    await applyCardImport({ ...world.means(), plan: first })
    await expect(applyCardImport({ ...world.means(), plan: second })).rejects.toThrow(
      CardsKnownError,
    )
    world.expectAgreement(20)
  })

  it('takes one import at a time', async () => {
    using world = new CardImportWorld()
    const { book } = world
    const [first, second] = [world.plan(cardFile(20)), world.plan(cardFile(10, 2))]
    const { promise: isOpen, resolve: openGate } = Promise.withResolvers<void>()
    const submit = async (actions: readonly Action[], id: TxId) => {
      await isOpen
      return book.submit(actions, id)
    }
    const running = applyCardImport({ ...world.means(), submit, plan: first })
    const other = await applyCardImport({ ...world.means(), plan: second })
    const resumed = await resumeCardImports(world.means())
    openGate()
    await running
    expect(other).toMatchObject({ status: 'refused', code: 'queue_full' })
    expect(resumed).toEqual([])
    world.expectAgreement(20)
    await applyCardImport({ ...world.means(), plan: second })
    world.expectAgreement(30)
  })

  it('has nothing to do for a plan without cards', async () => {
    using world = new CardImportWorld()
    const empty = world.plan('broken')
    await expect(applyCardImport({ ...world.means(), plan: empty })).rejects.toThrow('no card')
    expect(world.directory.batches()).toEqual([])
  })
})

describe('an import that does not go through', () => {
  it('keeps nothing when the engine refuses the first part, so that the file may come again', async () => {
    using world = new CardImportWorld()
    const submit = async (): Promise<Submission> => ({
      status: 'refused',
      code: 'queue_full',
      detail: 'full',
    })
    const order = { ...world.means(), plan: world.plan(cardFile(2_500)) }
    const result = await applyCardImport({ ...order, submit })
    expect(result).toMatchObject({ status: 'refused', code: 'queue_full' })
    expect(world.directory.batches()).toEqual([])
    await applyCardImport(order)
    world.expectAgreement(2_500)
  })

  it('forgets a batch of which the book refuses a part, and says why', async () => {
    using world = new CardImportWorld()
    const { book } = world
    const submit = (actions: readonly Action[], id: TxId) => {
      if (book.txs === 1) book.revoke()
      return book.submit(actions, id)
    }
    const order = { ...world.means(), plan: world.plan(cardFile(2_500)) }
    const result = await applyCardImport({ ...order, submit })
    expect(result).toMatchObject({
      status: 'rejected',
      registered: 1_000,
      rejection: { code: 'not_authorised', can: 'cards' },
    })
    expect(world.directory.batches()).toEqual([])
    book.grant()
    expect(await resumeCardImports(world.means())).toEqual([])
    await applyCardImport(order)
    world.expectAgreement(2_500)
  })

  it('forgets it after a crash too, when the rejection was not noted', async () => {
    using world = new CardImportWorld()
    const { book } = world
    const order = { ...world.means(), plan: world.plan(cardFile(2_500)) }
    const crash = async (actions: readonly Action[], id: TxId): Promise<Submission> => {
      if (book.txs === 1) book.revoke()
      const submission = await book.submit(actions, id)
      if (book.txs === 2) throw new Error('the power goes out')
      return submission
    }
    await expect(applyCardImport({ ...order, submit: crash })).rejects.toThrow('power')
    book.grant()
    world.reopen()
    expect(await resumeCardImports(world.means())).toMatchObject([{ status: 'rejected' }])
    expect(world.directory.batches()).toEqual([])
  })

  it('keeps a batch that a later refusal leaves half done, and finishes it', async () => {
    using world = new CardImportWorld()
    const { book } = world
    const submit = async (actions: readonly Action[], id: TxId): Promise<Submission> =>
      book.txs < 2 || book.has(id)
        ? book.submit(actions, id)
        : { status: 'refused', code: 'stopping', detail: 'the node stops' }
    const order = { ...world.means(), submit, plan: world.plan(cardFile(2_500)) }
    expect(await applyCardImport(order)).toMatchObject({
      status: 'interrupted',
      code: 'stopping',
      registered: 2_000,
    })
    const batch = world.directory.pending()[0]?.batch ?? 'none'
    expect(world.plan(cardFile(2_500)).faults[0]?.message).toContain(batch)
    expect(await resumeCardImports({ ...world.means(), submit })).toMatchObject([
      { status: 'interrupted', registered: 2_000 },
    ])
    world.reopen()
    expect(await resumeCardImports(world.means())).toMatchObject([{ batch, status: 'registered' }])
    world.expectAgreement(2_500)
    expect(book.txs).toBe(3)
  })
})

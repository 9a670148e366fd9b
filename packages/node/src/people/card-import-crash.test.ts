import { randomUUID } from 'node:crypto'
import type { Action, TxId } from '@fedow/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CardImportWorld, cardFile, type MemoryBook } from '../../test/card-import-world.ts'
import type { Submission } from '../engine/engine.ts'
import { applyCardImport, type CardProgress, resumeCardImports } from './card-import.ts'

type Step = 'done' | 'lost before' | 'lost after' | 'unknown before' | 'unknown after' | 'full'

class PowerCut extends Error {}

/** A submit that fails as told, then works. */
function failing(book: MemoryBook, steps: Step[]) {
  return async (actions: readonly Action[], id: TxId): Promise<Submission> => {
    const now = steps.shift() ?? 'done'
    if (now === 'full') return { status: 'refused', code: 'queue_full', detail: 'full' }
    if (now === 'lost before') throw new PowerCut()
    const submission = now === 'unknown before' ? undefined : await book.submit(actions, id)
    if (now === 'lost after') throw new PowerCut()
    if (submission && now === 'done') return submission
    return { status: 'unknown', detail: 'out of sight' }
  }
}

/** One life of the process, to its end or to a power cut. */
async function live(world: CardImportWorld, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    if (!(cause instanceof PowerCut || world.isClosed)) throw cause
  }
  world.reopen()
}

describe('a crash during an import', () => {
  it.each(
    [0, 1, 2].flatMap((part) =>
      (['lost before', 'lost after', 'unknown before', 'unknown after'] as const).map(
        (how) => [part, how] as const,
      ),
    ),
  )('neither loses nor doubles a card: part %i, %s it is decided', async (part, how) => {
    using world = new CardImportWorld()
    const { book } = world
    const submit = failing(book, [...Array<Step>(part).fill('done'), how])
    const plan = world.plan(cardFile(2_500))
    await live(world, () => applyCardImport({ ...world.means(), submit, plan }))
    expect(world.directory.pending()).toHaveLength(1)
    await live(world, () => resumeCardImports(world.means()))
    world.expectAgreement(2_500)
    expect(book.txs).toBe(3)
  })

  it('while the batch is written leaves nothing behind', async () => {
    using world = new CardImportWorld()
    let ids = 1_400
    const newId = () => {
      ids -= 1
      if (ids === 0) world.close()
      return randomUUID()
    }
    const plan = world.plan(cardFile(2_500))
    await live(world, () => applyCardImport({ ...world.means(), newId, plan }))
    expect(world.plan(cardFile(2_500)).faults.length).toBeGreaterThan(1_000)
    expect(world.directory.batches()).toEqual([])
    await live(world, () => resumeCardImports(world.means()))
    expect(world.book.txs).toBe(0)
    await applyCardImport({ ...world.means(), plan: world.plan(cardFile(2_500)) })
    world.expectAgreement(2_500)
  })

  it('after the last part does nothing a second time', async () => {
    using world = new CardImportWorld()
    const onProgress = ({ registered, count }: CardProgress) => {
      if (registered === count) throw new PowerCut()
    }
    const plan = world.plan(cardFile(2_500))
    await live(world, () => applyCardImport({ ...world.means(), onProgress, plan }))
    expect(world.directory.pending()).toHaveLength(1)
    await live(world, () => resumeCardImports(world.means()))
    world.expectAgreement(2_500)
    expect(world.book.txs).toBe(3)
  })

  it('again and again, in two imports, leaves each card registered once', async () => {
    const files = [1, 2].map((seed) => cardFile(1_100, seed))
    const troubles: readonly Step[] = [
      ...(['done', 'done', 'full'] as const),
      ...(['lost before', 'lost after', 'unknown before', 'unknown after'] as const),
    ]
    const steps = fc.array(fc.constantFrom(...troubles), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(steps, async (told) => {
        using world = new CardImportWorld()
        const submit = failing(world.book, [...told])
        // Each trouble costs at most one life, and each file one more.
        for (let life = 0; life < told.length + 2; life += 1) {
          await live(world, async () => {
            await resumeCardImports({ ...world.means(), submit })
            for (const file of files) {
              const plan = world.plan(file)
              if (plan.rows.length === 0) continue
              await applyCardImport({ ...world.means(), submit, plan })
            }
          })
        }
        world.expectAgreement(2_200)
        expect([...world.book.cards().values()].flat()).toHaveLength(2_200)
      }),
      { numRuns: 10 },
    )
  })
})

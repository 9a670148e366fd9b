describe('a crash during an import', () => {
  type Step = 'done' | 'lost before' | 'lost after' | 'unknown before' | 'unknown after' | 'full'
  const step = fc.constantFrom<Step>(
    'done',
    'done',
    'lost before',
    'lost after',
    'unknown before',
    'unknown after',
    'full',
  )

  /** A submit that fails as told, then works. */
  function failing(book: Book, steps: Step[]) {
    return async (actions: readonly Action[], id: TxId): Promise<Submission> => {
      const now = steps.shift() ?? 'done'
      if (now === 'full') return { status: 'refused', code: 'queue_full', detail: 'full' }
      if (now === 'lost before') throw new Error('lost')
      const submission = now === 'unknown before' ? undefined : await book.submit(actions, id)
      if (now === 'lost after') throw new Error('lost')
      if (submission && now === 'done') return submission
      return { status: 'unknown', detail: 'out of sight' }
    }
  }

  /** One life of the process, to its end or to its crash. */
  async function live(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      if ((cause as Error).message !== 'lost') throw cause
    }
    reopen()
  }

  it.each([0, 1, 2])('neither loses nor doubles a card, in part %i', async (part) => {
    for (const how of ['lost before', 'lost after', 'unknown before', 'unknown after'] as const) {
      db.close()
      rmSync(folder, { recursive: true })
      folder = mkdtempSync(join(tmpdir(), 'fedow-import-'))
      open()
      const { book } = world
      const steps = [...Array<Step>(part).fill('done'), how]
      const planned = world.plan(cardFile(2_500))
      await live(() =>
        applyCardImport({ ...world.means(), submit: failing(book, steps), plan: planned }),
      )
      expect(world.directory.pending()).toHaveLength(1)
      await live(() => resumeCardImports(world.means()))
      world.expectAgreement(2_500)
      expect(book.txs).toBe(3)
    }
  })

  it('while the batch is written leaves nothing behind', async () => {
    const { book } = world
    const planned = world.plan(cardFile(2_500))
    const newIds = Array.from({ length: 1_400 }, () => randomUUID())
    const dying = new CardDirectory(db)
    dying.discard = () => {
      throw new Error('lost')
    }
    const newId = () => {
      const id = newIds.pop()
      if (id === undefined) throw new Error('lost')
      return id
    }
    await live(() => applyCardImport({ ...world.means(), directory: dying, newId, plan: planned }))
    expect(world.plan(cardFile(2_500)).faults.length).toBeGreaterThan(1_000)
    await live(() => resumeCardImports(world.means()))
    expect(book.txs).toBe(0)
    await live(() => applyCardImport({ ...world.means(), plan: world.plan(cardFile(2_500)) }))
    world.expectAgreement(2_500)
  })

  it('before the batch is marked registered does nothing a second time', async () => {
    const { book } = world
    const dying = new CardDirectory(db)
    dying.markRegistered = () => {
      throw new Error('lost')
    }
    const planned = world.plan(cardFile(2_500))
    await live(() => applyCardImport({ ...world.means(), directory: dying, plan: planned }))
    expect(world.directory.pending()).toHaveLength(1)
    await live(() => resumeCardImports(world.means()))
    world.expectAgreement(2_500)
    expect(book.txs).toBe(3)
  })

  it('again and again, between imports, leaves each file registered once', async () => {
    const files = [1, 2].map((seed) => cardFile(1_100, seed))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (troubles) => {
        db.close()
        rmSync(folder, { recursive: true })
        folder = mkdtempSync(join(tmpdir(), 'fedow-import-'))
        open()
        const { book } = world
        const steps = [...troubles]
        const submit = failing(book, steps)
        for (const bytes of files) {
          const isDone = () => world.plan(bytes).rows.length === 0 && !world.directory.pending()[0]
          while (!isDone()) {
            await live(async (): Promise<readonly CardImportResult[]> => {
              const resumed = await resumeCardImports({ ...world.means(), submit })
              const planned = world.plan(bytes)
              if (planned.rows.length === 0) return resumed
              return [await applyCardImport({ ...world.means(), submit, plan: planned })]
            })
          }
        }
        world.expectAgreement(2_200)
        expect(book.cards().size).toBe(2)
        expect(new Set([...book.state.entries('card')].map(({ id }) => id as CardId)).size).toBe(
          2_200,
        )
      }),
      { numRuns: 8 },
    )
  })
})

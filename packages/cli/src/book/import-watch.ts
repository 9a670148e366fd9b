import { setTimeout as wait } from 'node:timers/promises'
import { type AnswerOf, type Client, type getBatch, listBatches, PAGE_MAX } from '@fedow/api'
import type { BatchId, PlaceId } from '@fedow/ledger'
import type { Progress } from '../progress.ts'

type Batch = AnswerOf<typeof getBatch>

const LOOK_MS = 200

/** An import that is watched from outside. */
export interface ImportWatch {
  /** Ends the watching; answers how many cards were seen registered. */
  stop(): Promise<number>
}

/** Looks at the card order that an import fills: its request itself answers at the end only. */
export function watchImport(
  client: Client,
  { place, generation }: { readonly place: PlaceId; readonly generation: number },
  progress: Progress,
): ImportWatch {
  const ended = new AbortController()
  let registered = 0
  const isOurs = (batch: Batch): boolean => batch.place === place && batch.generation === generation
  const watch = async (): Promise<void> => {
    const before = new Set((await batches(client)).map(({ id }) => id))
    while (!ended.signal.aborted) {
      await wait(LOOK_MS, undefined, { signal: ended.signal })
      const found = (await batches(client)).find((one) => isOurs(one) && !before.has(one.id))
      if (found === undefined) continue
      registered = found.registered
      progress.update(registered, found.count)
    }
  }
  // What the watching meets, a node that stops for one, the import itself tells better.
  const watching = watch().catch(() => undefined)
  return {
    async stop() {
      ended.abort()
      await watching
      return registered
    },
  }
}

async function batches(client: Client): Promise<readonly Batch[]> {
  const all: Batch[] = []
  let after: BatchId | undefined
  do {
    const query = { limit: PAGE_MAX, ...(after !== undefined && { after }) }
    const page = await client.call(listBatches, { query })
    all.push(...page.batches)
    after = page.next
  } while (after !== undefined)
  return all
}

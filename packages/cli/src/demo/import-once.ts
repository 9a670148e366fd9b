import { setTimeout as wait } from 'node:timers/promises'
import { type Client, importCards, listBatches, PAGE_MAX, ProblemError } from '@fedow/api'
import type { PlaceId } from '@fedow/ledger'
import { Refused } from '../failure.ts'
import { DemoStopped } from './script.ts'

export interface ImportOrder {
  readonly place: PlaceId
  readonly generation: number
  readonly fileName: string
  readonly file: Buffer
  readonly stop: AbortSignal
}

const LOOKS_MAX = 300
const LOOK_MS = 100

/** An import that a crash interrupted is gone on with by the node itself: it is waited for, not repeated. */
export async function importOnce(client: Client, order: ImportOrder): Promise<void> {
  const { place, generation, fileName, file, stop } = order
  const body = { place, generation, file: file.toString('base64'), fileName, apply: true }
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    if (stop.aborted) throw new DemoStopped()
    const { batches } = await client.call(listBatches, { query: { limit: PAGE_MAX } })
    const found = batches.find((one) => one.place === place && one.generation === generation)
    if (found !== undefined && found.registered === found.count) return
    if (found === undefined && (await isImported(client, body))) return
    await wait(LOOK_MS)
  }
  throw new Refused(
    `The cards of ${fileName} are not registered after ${(LOOKS_MAX * LOOK_MS) / 1_000} seconds. No money moved. Start again: the demonstration goes on where it is.`,
  )
}

async function isImported(
  client: Client,
  body: { place: PlaceId; generation: number; file: string; fileName: string; apply: boolean },
): Promise<boolean> {
  try {
    return (await client.call(importCards, { body })).faults.length === 0
  } catch (cause) {
    if (cause instanceof ProblemError && cause.problem.status === 503) return false
    throw cause
  }
}

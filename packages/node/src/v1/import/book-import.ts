/** Writes the book of an import: each part a tx of the operator, ordered by an engine as any other. */
import { deriveId, type Import, type TxId } from '@fedow/ledger'
import { SoloEngine } from '../../engine/solo/solo-engine.ts'
import { signTx } from '../../gateway/sign.ts'
import { Book } from '../../store/book.ts'
import { readGenesis, readKeys } from '../../store/folder.ts'
import { sha256 } from '../../store/hash.ts'

/** Parts under way at most: the engine writes many in one go, and keeps their order. */
const AT_A_TIME = 64

/** A part that the book does not take: a belief of the import is false. */
export class PartRefusedError extends Error {
  constructor(table: string, why: string) {
    super(
      `The book does not take a part of the table "${table}": ${why}. Nothing was imported: the folder is as it was. Please report this with the report of the import.`,
    )
  }
}

export interface BookImport {
  readonly folder: string
  readonly parts: Iterable<Import>
  readonly stop?: AbortSignal | undefined
}

/** Ends when all is durable and sealed. Throws PartRefusedError. */
export async function writeImport({ folder, parts, stop }: BookImport): Promise<void> {
  const genesis = readGenesis(folder)
  const keys = readKeys(folder, genesis)
  let failure: unknown
  const onFatal = (cause: unknown) => {
    failure ??= cause
  }
  const book = new Book({ folder, genesis })
  const engine = new SoloEngine({ book, checkpointKey: keys.checkpoint, onFatal })
  try {
    const waiting: Promise<void>[] = []
    let index = 0
    for (const part of parts) {
      stop?.throwIfAborted()
      const id = deriveId<TxId>(sha256, 'import', Uint8Array.fromHex(genesis.chain), index)
      const order = { chain: genesis.chain, id, actions: [part], timeMs: Date.now() }
      waiting.push(submit(engine, signTx(keys.operator, order), part.table))
      index += 1
      if (waiting.length >= AT_A_TIME) await waiting.shift()
    }
    await Promise.all(waiting)
  } finally {
    await engine.close()
  }
  if (failure !== undefined) throw failure
}

async function submit(
  engine: SoloEngine,
  tx: ReturnType<typeof signTx>,
  table: string,
): Promise<void> {
  const submission = await engine.submit(tx, { isOwn: true })
  if (submission.status !== 'decided') throw new PartRefusedError(table, submission.detail)
  const { outcome } = submission
  if (outcome.status === 'applied') return
  const why = JSON.stringify(outcome.rejection, (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  )
  throw new PartRefusedError(table, why)
}

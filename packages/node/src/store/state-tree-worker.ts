/**
 * The state tree of a book, on a thread of its own: hashing records takes nothing from the payments' thread.
 *
 * It begins with the records on disk, which are those of the last seal, and follows what it is told: records as they
 * are written, then the seal of their block. Requests that come while it begins wait in the port.
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
// Its own door of the package: the whole ledger would triple the time that a thread takes to start.
import { StateTree } from '@fedow/ledger/state-tree'
import { sha256 } from './hash.ts'
import { putAll } from './state-tree-records.ts'

/** What the thread is started with. */
export interface TreeStart {
  /** The book's file; without one the tree begins empty. */
  readonly path?: string
  /** Height of the last seal, whose records are on disk; -1 before the first. */
  readonly sealedHeight: number
}

/** What the thread is told and asked, in order. `records`: key and canonical JSON, or null when it is gone. */
export type TreeRequest =
  | { readonly kind: 'records'; readonly records: readonly (string | null)[] }
  | { readonly kind: 'seal'; readonly height: number }
  | {
      readonly kind: 'prove'
      readonly number: number
      readonly height: number
      readonly key: string
    }

/** The records that were found on disk. */
export interface TreeRecords {
  /** The root of those of the last seal; undefined when there is none. */
  readonly root: Uint8Array | undefined
  /** Keys of rows that are ahead of the last seal. */
  readonly ahead: readonly string[]
}

export type TreeAnswer =
  | ({ readonly kind: 'ready' } & TreeRecords)
  | { readonly kind: 'sealed'; readonly height: number; readonly root: Uint8Array }
  | {
      readonly kind: 'proof'
      readonly number: number
      readonly proof: ReturnType<StateTree['prove']>
    }

/** Records read at a time: no long read holds the journal of the writer. */
const PAGE = 2_000

const NOTHING: TreeRecords = { root: undefined, ahead: [] }

if (parentPort === null) throw new Error('The state tree runs on a thread of its own.')
const port = parentPort
const { path, sealedHeight } = workerData as TreeStart
const tree = new StateTree(sha256)
tell({ kind: 'ready', ...(path === undefined ? NOTHING : readRecords(path)) })

port.on('message', (request: TreeRequest) => {
  if (request.kind === 'records') putAll(tree, request.records)
  else if (request.kind === 'seal') {
    const { height } = request
    tell({ kind: 'sealed', height, root: tree.seal(height) })
  } else {
    const { number, height, key } = request
    tell({ kind: 'proof', number, proof: tree.prove(height, key) })
  }
})

function tell(answer: TreeAnswer): void {
  port.postMessage(answer)
}

function readRecords(path: string): TreeRecords {
  using db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  const page = db.prepare(
    `SELECT id, height > :sealed AS isAhead, CASE WHEN height > :sealed THEN previous ELSE value END AS json
     FROM record WHERE id > :after ORDER BY id LIMIT :page`,
  )
  const ahead: string[] = []
  for (let after = ''; ; ) {
    const rows = page.all({ sealed: BigInt(sealedHeight), after, page: BigInt(PAGE) })
    for (const { id, isAhead, json } of rows) {
      after = String(id)
      if (isAhead === 1) ahead.push(after)
      if (typeof json === 'string') tree.put(after, json)
    }
    if (rows.length < PAGE) break
  }
  // Before the first seal there are no records, and there is no root to compare.
  const isEmpty = sealedHeight < 0 && tree.size === 0
  return { root: isEmpty ? undefined : tree.seal(sealedHeight), ahead }
}

/** A data folder as the benchmarks use it: its keys sign whatever happens in it. */
import {
  type Action,
  encodePayload,
  fromBase64url,
  ONLY,
  type SignedGenesis,
  type SignedTx,
  type TxId,
  toSigningInput,
} from '@fedow/ledger'
import { Book } from '../../packages/node/src/store/book.ts'
import {
  type FolderKeys,
  hasGenesis,
  initFolder,
  readGenesis,
  readKeys,
} from '../../packages/node/src/store/folder.ts'
import { newId, type Till } from './till.ts'

/** As long as the ledger allows, less a minute for clocks: a prepared tx waits for its window. */
const VALID_MS = 540_000

export class BenchNetwork {
  readonly folder: string
  readonly genesis: SignedGenesis
  readonly keys: FolderKeys

  /** Makes the folder when it is empty. */
  constructor(folder: string, timeMs = Date.now()) {
    this.folder = folder
    this.genesis = hasGenesis(folder)
      ? readGenesis(folder)
      : initFolder(folder, { network: 'Benchmark', timeMs })
    this.keys = readKeys(folder)
  }

  /** A signed tx, not read back from its bytes: the audit of the filled book proves that it could be. */
  sign(actions: readonly Action[], nowMs = Date.now()): SignedTx {
    const { node } = this.keys
    const { chain } = this.genesis
    const payload = { chain, id: newId<TxId>(), actions, notAfter: nowMs + VALID_MS }
    const json = encodePayload(payload)
    const input = toSigningInput(node.kid, json)
    const text = node.sign(input)
    const signature = fromBase64url(text) ?? new Uint8Array()
    return {
      jws: `${input}.${text}`,
      kid: node.kid,
      json,
      signature,
      payload: { v: 1, ...payload },
    }
  }

  /** How many cents of its own money a till holds. The node must be stopped. */
  takings({ wallet, asset }: Till): number {
    using book = new Book({ folder: this.folder, genesis: this.genesis })
    return Number(book.state.get('account', `${wallet}/${asset}`)?.balance ?? 0n)
  }

  /** How many lines the book has. The node must be stopped. */
  lines(): number {
    using book = new Book({ folder: this.folder, genesis: this.genesis })
    return book.state.get('clock', ONLY)?.line ?? 0
  }

  /** How many cents of the money of a till have melted. The node must be stopped. */
  melted({ asset }: Till): bigint {
    using book = new Book({ folder: this.folder, genesis: this.genesis })
    return book.state.get('melted', asset)?.melted ?? 0n
  }
}

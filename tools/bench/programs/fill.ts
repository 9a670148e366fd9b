/**
 * Fills a book through the engine, in this program: the same txs, lines and signatures as over HTTP, without the
 * flush of each batch, since nobody is told that anything is durable before the end.
 *
 * Arguments: a folder; tills and sales as JSON. The sales happen at the first till.
 */
import { type Action, DAY_MS, type SignedTx } from '@fedow/ledger'
import { SoloEngine } from '../../../packages/node/src/engine/solo/solo-engine.ts'
import { Book } from '../../../packages/node/src/store/book.ts'
import type { Filling } from '../books.ts'
import { BenchNetwork } from '../network.ts'
import { MELTING_DAYS, openingOf, saleAt } from '../till.ts'
import { tell } from './tell.ts'

/** Txs in flight: as many as a batch of the engine holds. */
const AT_A_TIME = 256
const TELL_EVERY = 20_000

class Filler {
  readonly #network: BenchNetwork
  readonly #engine: SoloEngine
  readonly #now: () => number
  #waiting: SignedTx[] = []
  #done = 0

  constructor(network: BenchNetwork, now: () => number) {
    const { folder, genesis } = network
    this.#now = now
    const book = new Book({ folder, genesis, synchronous: 'OFF' })
    this.#network = network
    this.#engine = new SoloEngine({
      book,
      checkpointKey: network.keys.checkpoint,
      clocks: { wall: now, monotonic: now },
      onFatal: (cause) => {
        throw cause
      },
    })
  }

  async add(actions: readonly Action[]): Promise<void> {
    this.#waiting.push(this.#network.sign(actions, this.#now()))
    if (this.#waiting.length === AT_A_TIME) await this.flush()
  }

  /** Decides all that was added. */
  async flush(): Promise<void> {
    const txs = this.#waiting
    this.#waiting = []
    await Promise.all(txs.map((tx) => this.#apply(tx)))
    const before = this.#done
    this.#done += txs.length
    if (Math.floor(before / TELL_EVERY) < Math.floor(this.#done / TELL_EVERY)) {
      tell({ done: this.#done })
    }
  }

  async #apply(tx: SignedTx): Promise<void> {
    const submission = await this.#engine.submit(tx, { isOwn: true })
    if (submission.status === 'decided' && submission.outcome.status === 'applied') return
    throw new Error(`a tx of the benchmark was not applied: ${JSON.stringify(submission, bigint)}`)
  }

  async close(): Promise<void> {
    await this.flush()
    await this.#engine.close()
  }
}

function bigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

const [folder = '', json = ''] = process.argv.slice(2)
const { tills, sales, isMelting = false } = JSON.parse(json) as Filling
const agoMs = isMelting ? MELTING_DAYS * DAY_MS : 0
const now = () => Date.now() - agoMs
const network = new BenchNetwork(folder, now())
const filler = new Filler(network, now)
const { node } = network.genesis.genesis
for (const till of tills) {
  for (const actions of openingOf(till, { node: node.id, isMelting })) await filler.add(actions)
}
const [till] = tills
for (let done = 0; done < sales && till !== undefined; done += 1) await filler.add([saleAt(till)])
await filler.close()
tell({ result: sales })

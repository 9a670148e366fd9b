import type { FilledBook } from './books.ts'
import type { BenchNetwork } from './network.ts'
import { saleAt, type Till } from './till.ts'

/** Requests of signed sales, made before the clock starts; each is sent once. */
export class SaleRequests {
  readonly #network: BenchNetwork
  readonly #tills: readonly Till[]
  #ready: Buffer[] = []
  #made = 0

  /** The sales go to the tills in turn. */
  constructor(network: BenchNetwork, tills: readonly Till[]) {
    this.#network = network
    this.#tills = tills
  }

  /** How many were taken. */
  get taken(): number {
    return this.#made - this.#ready.length
  }

  /** Signs until so many are ready. */
  prepare(count: number): void {
    while (this.#ready.length < count) {
      const till = this.#tills[this.#made % this.#tills.length]
      if (till === undefined) throw new Error('sales need a till')
      const { jws } = this.#network.sign([saleAt(till)])
      this.#ready.push(toRequest(jws))
      this.#made += 1
    }
  }

  /** The next request, or `undefined` when all that are ready were taken. */
  next(): Buffer | undefined {
    return this.#ready.pop()
  }
}

function toRequest(jws: string): Buffer {
  const head = [
    'POST /api/v2/txs HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/jose',
    `content-length: ${jws.length}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${jws}`, 'latin1')
}

/** Every payment that was answered is in the book, and no other: a server that forgets is fast for nothing. */
export function demandBooked(
  { network, till }: Pick<FilledBook, 'network' | 'till'>,
  { before, requests }: { readonly before: number; readonly requests: SaleRequests },
): void {
  const booked = network.takings(till) - before
  if (booked === requests.taken) return
  throw new Error(`${requests.taken} payments were answered, but the book has ${booked}`)
}

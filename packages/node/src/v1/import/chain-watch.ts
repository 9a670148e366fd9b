/** The chain of each asset: forks, first lines, hashes. */

import { JsonError } from '../codec/json.ts'
import type { Finding } from './findings.ts'
import { v1Hash } from './hash.ts'
import { type LineWatch, ofLine } from './line-watch.ts'
import { LINE, toUuid } from './rows.ts'
import type { V1Database, V1LineAmongOthers } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

export class ChainWatch implements LineWatch {
  readonly #found: Finding[] = []
  readonly #firstLines = new Map<string, number>()
  readonly #db: V1Database
  readonly #world: V1World

  constructor(db: V1Database, world: V1World) {
    this.#db = db
    this.#world = world
  }

  see(among: V1LineAmongOthers): void {
    const { line } = among
    // v1 never checks the hash of a first line, and it does not come out.
    if (line.action === 'FST') {
      this.#firstLines.set(line.asset, (this.#firstLines.get(line.asset) ?? 0) + 1)
      return
    }
    const odd = oddPlace(among)
    if (odd !== undefined) this.#found.push(ofLine('chain_odd', line, odd))
    const wrong = wrongHash(among)
    if (wrong !== undefined) this.#found.push(ofLine('hash_mismatch', line, wrong))
  }

  *found(): IterableIterator<Finding> {
    yield* this.#found
    for (const asset of this.#world.assets.keys()) {
      const count = this.#firstLines.get(asset) ?? 0
      if (count === 1) continue
      const detail = `${this.#world.nameOfAsset(asset)} has ${count} first lines.`
      yield { code: 'first_line_odd', subjects: { asset: toUuid(asset) }, detail }
    }
    yield* this.#forks()
  }

  *#forks(): IterableIterator<Finding> {
    const rows = this.#db.query(
      `SELECT previous_transaction_id, asset_id, group_concat(uuid), sum(amount) FROM ${LINE.name}
       WHERE previous_transaction_id <> uuid GROUP BY previous_transaction_id
       HAVING count(*) > 1 ORDER BY min(datetime)`,
    )
    for (const [previous, asset, list, amount] of rows) {
      const lines = String(list).split(',').sort()
      const where = this.#world.nameOfAsset(String(asset))
      yield {
        code: 'chain_fork',
        subjects: {
          line: toUuid(String(previous)),
          next: lines.map(toUuid),
          asset: toUuid(String(asset)),
        },
        amount: BigInt(amount as bigint),
        detail: `${where}: ${lines.length} lines follow one.`,
      }
    }
  }
}

function oddPlace({ line, previous }: V1LineAmongOthers): string | undefined {
  if (line.previous === line.id) return 'It names itself.'
  if (previous === undefined) return undefined
  if (previous.asset !== line.asset) return 'It names a line of another asset.'
  return previous.at > line.at ? `It names a later line, of ${previous.at}.` : undefined
}

function wrongHash({ line, previous, checkout }: V1LineAmongOthers): string | undefined {
  if (previous === undefined) return undefined
  try {
    const expected = v1Hash(line, { previousHash: previous.hash, stripeId: checkout?.stripeId })
    return expected === line.hash ? undefined : `${line.action} of ${line.at}.`
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    return `${line.action} of ${line.at}: its metadata are no JSON (${cause.reason}).`
  }
}

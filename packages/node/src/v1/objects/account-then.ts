/** Accounts as they were right after a line: what came since is undone, line by line. */
import { entryOf, type Hash, type Line, params, type WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { isV1Action } from './labels.ts'
import type { AccountName, Lines } from './lines.ts'

export interface AccountMeans {
  readonly book: BookReader
  readonly hash: Hash
  readonly lines: Lines
}

export interface AccountThen {
  /** What v1 shows as the value: the balance, or what a member has paid in all. */
  readonly value: bigint
  /** The last line that v1 sees. */
  readonly last: Line
}

/** An account after the line of number `at`, or as it stands; undefined when v1 had seen no line of it. */
export function accountThen(
  means: AccountMeans,
  name: AccountName,
  at = Number.MAX_SAFE_INTEGER,
): AccountThen | undefined {
  const { book, lines } = means
  const { wallet, asset } = name
  const isMembership = book.state.get('asset', asset)?.kind === 'SUB'
  let value = valueNow(book, name, isMembership)
  let line = lines.lastOf(name)
  while (line !== undefined && line.number > at) {
    value -= isMembership ? paidIn(means, line, wallet) : movedBy(means, line, wallet)
    line = lines.before(line, wallet)
  }
  while (line !== undefined && !isV1Action(line.action)) line = lines.before(line, wallet)
  return line && { value, last: line }
}

function valueNow({ state }: BookReader, name: AccountName, isMembership: boolean): bigint {
  const id = `${name.wallet}/${name.asset}`
  if (isMembership) return state.get('subscription', id)?.total ?? 0n
  return state.get('account', id)?.balance ?? 0n
}

function movedBy({ book, hash }: AccountMeans, line: Line, wallet: WalletId): bigint {
  const kind = book.state.get('asset', line.asset)?.kind ?? 'EUR'
  const { keeper } = params(book.state)
  const { action, asset, from, to, amount } = line
  return entryOf({ action, asset, from, to, amount }, { hash, kind, keeper })
    .filter((posting) => posting.wallet === wallet)
    .reduce((sum, posting) => sum + posting.change, 0n)
}

/** How a line changed what a wallet has paid for a membership: a fusion moves it without an amount of its own. */
function paidIn(means: AccountMeans, line: Line, wallet: WalletId): bigint {
  if (line.action === 'SUB') return line.to === wallet ? line.amount : 0n
  if (line.action !== 'FUS') return 0n
  const moved = paidBefore(means, line)
  return line.to === wallet ? moved : -moved
}

/** What the sender of a fusion had paid until then. */
function paidBefore(means: AccountMeans, fusion: Line): bigint {
  const { lines } = means
  const wallet = fusion.from
  let total = 0n
  let line = lines.before(fusion, wallet)
  while (line !== undefined) {
    total += paidIn(means, line, wallet)
    line = lines.before(line, wallet)
  }
  return total
}

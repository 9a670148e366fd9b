/** Accounts as they were right after a line: what came since is undone, line by line. */
import { entryOf, type Hash, type Line, params, type WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { V1Store } from '../store/v1-store.ts'
import { type AccountName, isShown, type Lines } from './lines.ts'

export interface AccountMeans {
  readonly book: BookReader
  readonly hash: Hash
  readonly lines: Lines
  readonly store: Pick<V1Store, 'past'>
}

export interface AccountThen {
  /** What v1 shows as the value: the balance, or what a member has paid in all. */
  readonly value: bigint
  /** The last line that v1 sees; undefined for a balance that was imported, and that no line has touched. */
  readonly last: Line | undefined
}

/**
 * An account after the line of number `at`, or as it stands; undefined when nothing had happened in it. Imported lines
 * move nothing, so there is no telling how it was after one of them: it is shown as it stands, as v1 did.
 */
export function accountThen(
  means: AccountMeans,
  name: AccountName,
  at = Number.MAX_SAFE_INTEGER,
): AccountThen | undefined {
  const { book, lines } = means
  const { wallet, asset } = name
  const isMembership = book.state.get('asset', asset)?.kind === 'SUB'
  let value = valueNow(book, name, isMembership)
  const since = at < lines.importEnd ? Number.MAX_SAFE_INTEGER : at
  let line = lines.lastOf(name)
  while (line !== undefined && line.number > since) {
    value -= isMembership ? paidIn(means, line, wallet) : movedBy(means, line, wallet)
    line = lines.before(line, wallet)
  }
  let isOpened = false
  while (line !== undefined && !isShown(book, line)) {
    isOpened ||= line.action === 'OPN'
    line = lines.before(line, wallet)
  }
  return line !== undefined || isOpened ? { value, last: line } : undefined
}

function valueNow({ state }: BookReader, name: AccountName, isMembership: boolean): bigint {
  const id = `${name.wallet}/${name.asset}`
  if (isMembership) return state.get('subscription', id)?.total ?? 0n
  return state.get('account', id)?.balance ?? 0n
}

function movedBy({ book, hash }: AccountMeans, line: Line, wallet: WalletId): bigint {
  const kind = book.state.get('asset', line.asset)?.kind ?? 'EUR'
  const { keeper } = params(book.state)
  return entryOf(line, { hash, kind, keeper })
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
  const { lines, store } = means
  const { from: wallet, asset } = fusion
  let total = lines.importEnd === 0 ? 0n : store.past.paidBy(wallet, asset)
  let line = lines.before(fusion, wallet)
  while (line !== undefined && line.number > lines.importEnd) {
    total += paidIn(means, line, wallet)
    line = lines.before(line, wallet)
  }
  return total
}

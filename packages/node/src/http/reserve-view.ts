/** The reserve as the API and the first page show it. */
import { type AnswerOf, type getReserve, REJECTION_SENTENCES, type Sentence } from '@fedow/api'
import {
  attestedUntil,
  attesters,
  DUE_FROM_KEEPER,
  euros,
  issuedOn,
  issuingStop,
  keepers,
  params,
  type Rejection,
  type ReserveAccount,
  reserveAccounts,
  reserveGap,
  reserveSum,
} from '@fedow/ledger'
import type { ServerParts } from './parts.ts'
import { toIsoMs } from './time.ts'

type ReserveView = AnswerOf<typeof getReserve>

/** Balances in cents. */
export function reserveView({
  book,
  hash,
  now,
}: Pick<ServerParts, 'book' | 'hash' | 'now'>): ReserveView {
  const { state } = book
  const timeMs = Math.max(now(), book.tip().timeMs)
  const { due, fedCap, dueCap, issueDayMax, twoKeepersAbove } = params(state)
  const accounts = reserveAccounts(state, hash)
  const untilMs = attestedUntil(state, hash, timeMs)
  const stop = issuingStop(state, hash, timeMs)
  const owed = { name: DUE_FROM_KEEPER, balance: Number(euros(state, due)) }
  return {
    fedIssued: Number(reserveSum(state, hash).fedIssued),
    accounts: [...accounts.map(accountView), owed].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    attested: untilMs !== undefined,
    ...(untilMs !== undefined && { attestedUntil: toIsoMs(untilMs) }),
    attesters: [...attesters(state, timeMs)],
    gap: Number(reserveGap(accounts)),
    fedCap: Number(fedCap),
    dueCap: Number(dueCap),
    keepers: [...keepers(state, timeMs)],
    ...(issueDayMax !== undefined && {
      issueDayMax: Number(issueDayMax),
      issuedToday: Number(issuedOn(state, timeMs)),
    }),
    ...(twoKeepersAbove !== undefined && { twoKeepersAbove: Number(twoKeepersAbove) }),
    ...(stop && { stopped: stopView(stop) }),
  }
}

function accountView({ name, sinceMs, balance, statement, untilMs }: ReserveAccount) {
  const since = toIsoMs(sinceMs)
  if (statement === undefined) return { name, balance: Number(balance), since }
  const { atMs, postedMs, reference, book } = statement
  return {
    name,
    balance: Number(balance),
    since,
    statement: {
      balance: Number(statement.balance),
      book: Number(book),
      at: toIsoMs(atMs),
      posted: toIsoMs(postedMs),
      reference,
      until: toIsoMs(untilMs),
    },
  }
}

function stopView(stop: Rejection) {
  const { title, detail, fix } = REJECTION_SENTENCES[stop.code] as Sentence<Rejection>
  return { code: stop.code, title, detail: detail(stop, (id) => id), fix }
}

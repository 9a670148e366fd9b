/** People as v1 knows them: an e-mail, a wallet, a public key. */
import type { Action, TxId, WalletId } from '@fedow/ledger'
import { walletIdOf } from '../gateway/registry-intents.ts'
import { Turns } from '../gateway/turns.ts'
import type { V1Means } from './means.ts'
import type { V1Person } from './store/people.ts'

const turns = new Turns()

/** Does work on the person of an e-mail: two first logins at once make one wallet. */
export function inTurnOfPerson<T>(email: string, work: () => Promise<T>): Promise<T> {
  return turns.take(email.toLowerCase(), work)
}

/**
 * The person of an e-mail, noted now when nobody has it. Their wallet may still have to be opened: noting comes
 * first, so that a node that stops in between opens that very wallet the next time.
 */
export function notePerson(
  { store, hash }: V1Means,
  { email, pem, id }: { readonly email: string; readonly pem: string; readonly id: TxId },
): V1Person {
  const known = store.people.byEmail(email)
  if (known !== undefined) return known
  const person = { wallet: walletIdOf({ hash }, id), email: email.toLowerCase(), pem }
  store.people.add(person)
  return person
}

/** What opens a wallet that the book does not have yet. */
export function walletActions({ book, node }: V1Means, wallet: WalletId): readonly Action[] {
  if (book.state.get('wallet', wallet) !== undefined) return []
  return [{ kind: 'wallet-open', wallet, node }]
}

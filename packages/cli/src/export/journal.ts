/**
 * The book as a journal of hledger: one transaction of that program for each line, so that another program, by other
 * people, counts the same balances.
 */
import type { AnswerOf, listLines } from '@fedow/api'
import { toDecimal } from '@fedow/api'
import {
  type Amount,
  entryOf,
  issuanceWalletId,
  type MovingLine,
  nobleHash,
  type WalletId,
} from '@fedow/ledger'
import { toShortId, type WalletNames } from '../book/wallet-names.ts'

type Line = AnswerOf<typeof listLines>['lines'][number]

/** What a journal starts with: how its numbers are written. */
export const JOURNAL_HEAD =
  '; The book of a Fedow network. Amounts have two decimals; hours are decimal.\ndecimal-mark .\n'

export class Journal {
  readonly #names: WalletNames
  readonly #keeper: WalletId
  readonly #accounts = new Map<WalletId, string>()
  readonly #taken = new Set<string>()

  /** `keeper`: the wallet through which federated euros enter and leave. */
  constructor(names: WalletNames, keeper: WalletId) {
    this.#names = names
    this.#keeper = keeper
  }

  /** The text of one line. A line that moves nothing has no posting, and stays as a fact. */
  async entry(line: Line): Promise<string> {
    const { number, time, action, asset, tx, hash } = line
    const date = time.slice(0, 10)
    const head = `${date} ${action} ${number}  ; time:${time.slice(11)}, tx:${tx}, hash:${hash.slice(0, 16)}\n`
    const commodity = `"${asset.code} ${toShortId(asset.id)}"`
    const issuance = issuanceWalletId(nobleHash, asset.id)
    this.#names.learn(issuance, { kind: 'issuance', name: asset.name })
    let postings = ''
    for (const { wallet, change } of entryOf(toMoving(line), this.#context(asset.kind))) {
      postings += `    ${await this.#account(wallet)}  ${toDecimal(change)} ${commodity}\n`
    }
    return `${head}${postings}\n`
  }

  #context(kind: Line['asset']['kind']) {
    return { hash: nobleHash, kind, keeper: this.#keeper }
  }

  async #account(wallet: WalletId): Promise<string> {
    const known = this.#accounts.get(wallet)
    if (known !== undefined) return known
    const { kind, name } = await this.#names.of(wallet)
    const plain = `${kind}:${toAccountName(name)}`
    const account = this.#taken.has(plain) ? `${plain} ${wallet}` : plain
    this.#taken.add(account)
    this.#accounts.set(wallet, account)
    return account
  }
}

/** In that program two spaces end a name, a colon divides it, and a semicolon starts a comment. */
function toAccountName(name: string): string {
  return name.replace(/[:;\s]+/g, ' ').trim()
}

function toMoving({ action, asset, from, to, amount, imported }: Line): MovingLine {
  const moved = { action, asset: asset.id, from, to, amount: BigInt(amount) as Amount }
  return { ...moved, ...(imported && { imported }) }
}

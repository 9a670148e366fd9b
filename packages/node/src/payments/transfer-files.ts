/** Earned federated euros against bank transfers: a file for the bank, and a person's word that it was paid. */
import {
  deriveId,
  type Kid,
  type PlaceId,
  params,
  reserveWalletId,
  toUtf8,
  type WalletId,
} from '@fedow/ledger'
import type {
  BankAccount,
  TransferFile,
  TransferFileId,
  TransferId,
  VenueStore,
  VenueTransfer,
} from '../store/venue-store.ts'
import type { KeeperMeans } from './keeper-tx.ts'
import { CREDIT_MAX, toCreditTransferXml } from './sepa/credit-transfer.ts'
import { maskIban, parseIban } from './sepa/iban.ts'
import { hasSepaName } from './sepa/sepa-text.ts'
import { holdForVenue, releaseForVenue } from './venue-hold.ts'
import { leftOf, type VenuePoint, type VenueTransfers } from './venue-transfers.ts'

export interface FileMeans extends Omit<KeeperMeans, 'keeper'> {
  readonly store: VenueStore
  /** The key that holds what is on its way, when this node has it. */
  readonly keeper: Kid | undefined
  readonly onPoint?: ((point: VenuePoint) => void) | undefined
}

/** Who is to be paid; without an amount, all that the place has earned. */
export interface FileWish {
  readonly place: PlaceId
  readonly amount?: bigint | undefined
}

export type FileRefusal =
  | { readonly status: 'own_account_missing' }
  | { readonly status: 'no_iban'; readonly place: PlaceId }
  | { readonly status: 'more_than_earned'; readonly place: PlaceId; readonly left: bigint }
  | { readonly status: 'nothing' }
  | { readonly status: 'reserve_short'; readonly account: string; readonly missing: bigint }
  | { readonly status: 'other' }
  | { readonly status: 'no_keeper' }
  | { readonly status: 'busy' }

export type MadeFile = { readonly status: 'made'; readonly file: TransferFile } | FileRefusal
export type EndedFile =
  | { readonly status: 'ended'; readonly file: TransferFile }
  | { readonly status: 'unknown' }
  | { readonly status: 'over'; readonly state: TransferFile['state'] }

/** What is said of an account anew; what is absent stays as it is. */
export interface NamedAccount {
  readonly bank?: { readonly iban: string; readonly holder: string } | undefined
  readonly connect?: string
  readonly reserve?: string
}

export type KeptAccount =
  | { readonly status: 'kept'; readonly iban: string | undefined }
  | { readonly status: 'wrong_iban' | 'wrong_holder' }

const NO_ACCOUNT = { holder: undefined, iban: undefined, reserve: undefined, connect: undefined }
const DAY_MS = 86_400_000

export class TransferFiles {
  readonly #means: FileMeans
  readonly #transfers: Pick<VenueTransfers, 'advance'>

  constructor(means: FileMeans, transfers: Pick<VenueTransfers, 'advance'>) {
    this.#means = means
    this.#transfers = transfers
  }

  /** Keeps where a place is paid, or which account of the reserve pays when the wallet is the keeper's. */
  setAccount(wallet: WalletId, named: NamedAccount): KeptAccount {
    const { store, now } = this.#means
    const { bank, ...others } = named
    const iban = bank && parseIban(bank.iban)
    if (bank !== undefined && iban === undefined) return { status: 'wrong_iban' }
    if (bank !== undefined && !hasSepaName(bank.holder)) return { status: 'wrong_holder' }
    const before = store.account(wallet) ?? NO_ACCOUNT
    const account = { ...before, ...others, ...(bank && { iban, holder: bank.holder }) }
    store.setAccount(wallet, account, now())
    return { status: 'kept', iban: account.iban && maskIban(account.iban) }
  }

  /** The ends of the IBAN of a place, and its account at the provider. */
  shown(wallet: WalletId): Pick<BankAccount, 'iban' | 'connect'> {
    const { iban, connect } = this.#means.store.account(wallet) ?? NO_ACCOUNT
    return { iban: iban && maskIban(iban), connect }
  }

  /**
   * Writes a file of transfers; without wishes, to every place that has an IBAN and has earned something. What it pays
   * is held before anybody sees the file.
   */
  async make({
    id,
    day,
    wishes,
  }: {
    readonly id: TransferFileId
    /** The next day on which banks work, when absent. */
    readonly day?: string | undefined
    readonly wishes?: readonly FileWish[] | undefined
  }): Promise<MadeFile> {
    const { store, book, keeper, now } = this.#means
    if (keeper === undefined) return { status: 'no_keeper' }
    const there = store.file(id)
    if (there !== undefined) return this.#again(there, wishes)
    const own = store.account(book.genesis.wallet)
    const { iban, holder, reserve } = own ?? {}
    if (iban === undefined || holder === undefined || reserve === undefined) {
      return { status: 'own_account_missing' }
    }
    const payees: Payee[] = []
    for (const wish of wishes ?? this.#everyone()) {
      const payee = this.#payee(wish)
      if ('status' in payee) return payee
      if (payee.amount > 0n) payees.push(payee)
    }
    if (payees.length === 0) return { status: 'nothing' }
    const missing = sumOf(payees) - this.#euros(reserve)
    if (missing > 0n) return { status: 'reserve_short', account: reserve, missing }
    const debtor = { iban, name: holder }
    const nowMs = now()
    const plan = { id, reserve, debtor, day: day ?? nextBankDay(nowMs), nowMs, payees }
    return this.show(this.#write(plan))
  }

  /** A file as the bank may have it: all that it pays is held, or it is cancelled. */
  async show(file: TransferFile): Promise<MadeFile> {
    const { store, keeper, onPoint = () => {} } = this.#means
    if (file.state !== 'made') return { status: 'made', file }
    if (keeper === undefined) return { status: 'no_keeper' }
    for (const transfer of store.ofFile(file.id)) {
      const { status } = await holdForVenue({ ...this.#means, keeper }, transfer)
      if (status === 'later') return { status: 'busy' }
      if (status === 'held') {
        onPoint('held')
        continue
      }
      await this.cancel(file.id)
      const { place } = transfer
      return { status: 'more_than_earned', place, left: leftOf(this.#means, place) }
    }
    return { status: 'made', file }
  }

  /** A person says that the bank has paid: each transfer is deposited, once. */
  async attest(id: TransferFileId, reference: string): Promise<EndedFile> {
    const { store, now, onPoint = () => {} } = this.#means
    const file = store.file(id)
    if (file === undefined) return { status: 'unknown' }
    const isSame = file.state === 'done' && file.reference === reference
    if (file.state !== 'made' && !isSame) return { status: 'over', state: file.state }
    if (file.state === 'made') store.endFile(id, { state: 'done', reference }, now())
    onPoint('ended')
    for (const transfer of store.ofFile(id)) await this.#transfers.advance(transfer.id)
    return { status: 'ended', file: store.file(id) ?? file }
  }

  /** The bank never gets this file: what was in it may be in another. */
  async cancel(id: TransferFileId): Promise<EndedFile> {
    const { store, keeper, now, onPoint = () => {} } = this.#means
    const file = store.file(id)
    if (file === undefined) return { status: 'unknown' }
    if (file.state === 'done') return { status: 'over', state: file.state }
    if (file.state === 'made') {
      store.endFile(id, { state: 'cancelled', reference: undefined }, now())
    }
    onPoint('ended')
    if (keeper !== undefined) {
      for (const one of store.ofFile(id)) await releaseForVenue({ ...this.#means, keeper }, one)
    }
    return { status: 'ended', file: store.file(id) ?? file }
  }

  /** The same id again is the same file, unless other payments are asked for. */
  async #again(file: TransferFile, wishes: readonly FileWish[] | undefined): Promise<MadeFile> {
    const there = this.#means.store.ofFile(file.id)
    const isSame = (wishes ?? []).every(({ place, amount }) =>
      there.some((one) => one.place === place && (amount ?? one.amount) === one.amount),
    )
    const isWhole = wishes === undefined || wishes.length === there.length
    return isSame && isWhole ? this.show(file) : { status: 'other' }
  }

  *#everyone(): Generator<FileWish> {
    const { book, store } = this.#means
    let after: string | undefined
    for (;;) {
      const page = book.records('place', { after, limit: 100 })
      for (const { id, record } of page) {
        if (store.account(record.wallet)?.iban !== undefined) yield { place: id as PlaceId }
      }
      after = page.at(-1)?.id
      if (after === undefined) return
    }
  }

  #payee({ place, amount: wished }: FileWish): Payee | FileRefusal {
    const { book, store } = this.#means
    const { wallet, name = '' } = book.state.get('place', place) ?? {}
    const { iban, holder } = (wallet && store.account(wallet)) ?? {}
    if (iban === undefined) return { status: 'no_iban', place }
    const left = leftOf(this.#means, place)
    const amount = wished ?? (left < CREDIT_MAX ? left : CREDIT_MAX)
    if (amount > left || amount > CREDIT_MAX) return { status: 'more_than_earned', place, left }
    return { place, amount, iban, holder: holder ?? name, name }
  }

  #euros(reserve: string): bigint {
    const { book, hash } = this.#means
    const wallet = reserveWalletId(hash, reserve)
    return book.state.get('account', `${wallet}/${params(book.state).eur}`)?.balance ?? 0n
  }

  #write({ id, reserve, debtor, day, nowMs, payees }: Plan): TransferFile {
    const { hash, book, store } = this.#means
    const transfers = payees.map(({ place, amount }) => {
      const transfer = deriveId<TransferId>(hash, 'venue-transfer', id, place)
      return { ...NEW, id: transfer, file: id, place, amount, reference: bare(transfer) }
    })
    const { network } = book.genesis
    const xml = toCreditTransferXml({
      ...{ messageId: bare(id), createdMs: nowMs, day, debtor },
      credits: payees.map(({ holder, iban, amount, name }, index) => ({
        ...{ name: holder, iban, amount, endToEndId: transfers[index]?.reference ?? '' },
        remittance: `Fedow ${network} ${name}`,
      })),
    })
    const times = { createdMs: nowMs, changedMs: nowMs }
    const sums = { xml, sha256: hash(toUtf8(xml)) }
    const file = { id, reserve, day, ...sums, state: 'made', reference: undefined, ...times }
    const made = file as TransferFile
    store.addFile(
      made,
      transfers.map((one) => ({ ...one, ...times })),
    )
    return made
  }
}

interface Payee {
  readonly place: PlaceId
  readonly amount: bigint
  readonly iban: string
  readonly holder: string
  readonly name: string
}

interface Plan {
  readonly id: TransferFileId
  readonly reserve: string
  readonly debtor: { readonly iban: string; readonly name: string }
  readonly day: string
  readonly nowMs: number
  readonly payees: readonly Payee[]
}

const NEW = {
  ...{ provider: undefined, destination: undefined, tx: undefined, problem: undefined },
  ...{ state: 'intended', attempts: 0, rejections: 0 },
} as const satisfies Partial<VenueTransfer>

/** An id of 32 signs, as short as banks want it. */
function bare(id: string): string {
  return id.replaceAll('-', '')
}

function sumOf(payees: readonly Payee[]): bigint {
  return payees.reduce((sum, { amount }) => sum + amount, 0n)
}

/** Tomorrow, or Monday. */
function nextBankDay(nowMs: number): string {
  let timeMs = nowMs + DAY_MS
  while ([0, 6].includes(new Date(timeMs).getUTCDay())) timeMs += DAY_MS
  return new Date(timeMs).toISOString().slice(0, 10)
}

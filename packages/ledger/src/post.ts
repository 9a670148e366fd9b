/**
 * The only function that changes a balance. The rules have checked everything; what is wrong here is a bug,
 * so it asserts.
 */
import { type Amount, isAmount, ZERO } from './amount.ts'
import { assert } from './assert.ts'
import { withAnchors } from './commons/rest.ts'
import { params } from './context.ts'
import { type Entry, entryOf, heldChange } from './entry.ts'
import type { Hash } from './hash.ts'
import { type AssetId, issuanceWalletId, type WalletId } from './ids.ts'
import {
  type ImportedLine,
  type Line,
  type LineDraft,
  type LineOrigin,
  lineHash,
  lineIdOf,
} from './line.ts'
import { creditLimit } from './money/mutual.ts'
import { type Account, type Asset, type Clock, ONLY, type Wallet } from './records.ts'
import type { State, StateReader } from './state/reader.ts'

/** When and for whom lines are written. */
export interface PostContext {
  readonly hash: Hash
  readonly timeMs: number
  /** When it happens for the accounts, if that was before the block. */
  readonly dueMs?: number
}

/**
 * Writes one line: its entry, its place in the asset's chain and in both accounts' histories.
 *
 * The line's time is the block's in microseconds, or one more than the last line's if that is later. An imported line
 * has the id and the time that it had, and raises no clock.
 */
export function post(
  state: State,
  { hash, timeMs, dueMs = timeMs }: PostContext,
  { draft, origin }: { readonly draft: LineDraft; readonly origin: LineOrigin },
): Line {
  const asset = state.get('asset', draft.asset)
  assert(asset !== undefined, 'a line has an asset')
  const entry = entryOf(draft, { hash, kind: asset.kind, keeper: params(state).keeper })
  assertBalanced(entry)
  const { imported } = draft
  const clock = tick(state, imported === undefined ? timeMs : undefined)
  const head = state.get('head', draft.asset)
  const { tx, actionIndex, lineIndex } = origin
  const { action, from, to, amount, card = null, primary = null } = draft
  const facts = {
    seq: (head?.seq ?? 0) + 1,
    asset: draft.asset,
    action,
    from,
    to,
    amount,
    timeUs: imported?.timeUs ?? clock.timeUs,
    card,
    primary,
    ...(imported && { imported: toImported(imported) }),
    tx,
    actionIndex,
    lineIndex,
  }
  const accounts = new Accounts(state, {
    asset: draft.asset,
    policies: asset.policies,
    timeMs: dueMs,
  })
  const line: Line = {
    ...facts,
    id: imported?.id ?? lineIdOf(hash, origin),
    number: clock.line,
    hash: lineHash(hash, head?.hash, facts),
    previousFrom: accounts.of(from).last,
    previousTo: accounts.of(to).last,
  }
  state.put('head', draft.asset, { seq: line.seq, hash: line.hash })
  for (const { wallet, change } of entry) accounts.changeBalance(wallet, change)
  accounts.changeHeld(from, heldChange(draft))
  accounts.endWith(line)
  accounts.put(draft)
  return line
}

function toImported({ id, hash, previous }: ImportedLine): ImportedLine {
  return { id, hash, previous }
}

/** The accounts that one line touches, read once and written once. */
class Accounts {
  readonly #state: State
  readonly #at: { readonly asset: AssetId; readonly policies: Asset['policies']; timeMs: number }
  readonly #accounts = new Map<WalletId, Account>()
  readonly #before = new Map<WalletId, Account>()

  constructor(
    state: State,
    at: { readonly asset: AssetId; readonly policies: Asset['policies']; timeMs: number },
  ) {
    this.#state = state
    this.#at = at
  }

  of(wallet: WalletId): Account {
    const known = this.#accounts.get(wallet)
    if (known !== undefined) return known
    const account = openAccount(this.#state, wallet, this.#at.asset)
    this.#accounts.set(wallet, account)
    this.#before.set(wallet, account)
    return account
  }

  changeBalance(wallet: WalletId, change: bigint): void {
    const account = this.of(wallet)
    const balance = account.balance + change
    const isIssuance = this.#state.get('wallet', wallet)?.kind === 'issuance'
    const isMutual = this.#state.get('asset', this.#at.asset)?.kind === 'MUT'
    assert(!(isIssuance && isMutual), 'nobody makes mutual credit')
    const isDebt = isMutual && balance < 0n
    const isInRange = isIssuance ? isAmount(-balance) : isAmount(balance)
    assert(
      isDebt ? this.#isCredit(wallet, { balance, change }) : isInRange,
      'no balance crosses its floor',
    )
    assert(isIssuance || account.held === 0n || account.held <= balance, 'held money is not spent')
    this.#accounts.set(wallet, { ...account, balance })
  }

  /** A debt stays within its limit; one that is beyond it, since the limit was lowered, only shrinks. */
  #isCredit(wallet: WalletId, { balance, change }: { balance: bigint; change: bigint }): boolean {
    const { asset, timeMs } = this.#at
    const limit = creditLimit(this.#state, { wallet, asset }, timeMs)
    return balance >= -limit || (change > 0n && isAmount(-balance))
  }

  changeHeld(wallet: WalletId, change: bigint): void {
    if (change === 0n) return
    const account = this.of(wallet)
    const held = account.held + change
    assert(held >= 0n && held <= account.balance, 'holds lie between zero and the balance')
    this.#accounts.set(wallet, { ...account, held: held as Amount })
  }

  /** The line is now the last one of both its accounts. */
  endWith({ from, to, number }: Line): void {
    this.#accounts.set(from, { ...this.of(from), last: number })
    this.#accounts.set(to, { ...this.of(to), last: number })
  }

  put({ action, from, meltedDay }: LineDraft): void {
    const arrived = action === 'FUS' ? this.#before.get(from) : undefined
    for (const [wallet, account] of this.#accounts) {
      const owner = this.#state.get('wallet', wallet)
      const before = this.#before.get(wallet)
      assert(owner !== undefined && before !== undefined, 'an account has a wallet')
      const isOpening = action === 'OPN'
      const sides = { before, after: account, wallet: owner, arrived, isOpening }
      const slept = wallet === from ? meltedDay : undefined
      const { asset, policies, timeMs } = this.#at
      // What is created leaves its issuer by the next line: it does not rest there.
      const isPassing = action === 'CRE'
      const record = isPassing
        ? account
        : withAnchors({ ...sides, policies, timeMs, meltedDay: slept })
      this.#state.put('account', `${wallet}/${asset}`, record)
    }
  }
}

/** Counts a line. Without a time, the clock stands still. */
function tick(state: State, timeMs: number | undefined): Clock {
  const last = state.get('clock', ONLY)
  assert(last !== undefined, 'the state has a clock')
  const now = timeMs === undefined ? last.timeUs : timeMs * 1_000
  const isLater = timeMs === undefined || now > last.timeUs
  const clock = { line: last.line + 1, timeUs: isLater ? now : last.timeUs + 1 }
  state.put('clock', ONLY, clock)
  return clock
}

function assertBalanced(entry: Entry): void {
  let total = 0n
  for (const { change } of entry) total += change
  assert(total === 0n, 'the postings of an entry sum to zero')
}

/** The account, made with balance zero when its wallet has none in this asset. */
function openAccount(state: State, wallet: WalletId, asset: AssetId): Account {
  const id = `${wallet}/${asset}`
  const account = state.get('account', id)
  if (account !== undefined) return account
  const owner = state.get('wallet', wallet)
  assert(owner !== undefined, 'an account has a wallet')
  if (listsAccounts(owner)) {
    state.put('wallet', wallet, { ...owner, assets: [...owner.assets, asset] } satisfies Wallet)
  }
  const opened = { balance: 0n, held: ZERO, last: 0 }
  state.put('account', id, opened)
  return opened
}

/** False for the keeper's wallet and for pools: every asset of the network may pass there, so their lists would have no bound. */
export function listsAccounts({ kind }: Wallet): boolean {
  return kind !== 'keeper' && kind !== 'pool'
}

/** How much of an asset is in circulation: minus the balance of its issuance account. */
export function issued(state: StateReader, hash: Hash, asset: AssetId): bigint {
  return -(state.get('account', `${issuanceWalletId(hash, asset)}/${asset}`)?.balance ?? 0n)
}

import type { Effects } from './context.ts'
import type { WalletId } from './ids.ts'
import type { LineDraft } from './line.ts'
import { listsAccounts } from './post.ts'
import { ACCOUNTS_PER_WALLET_MAX } from './records.ts'
import { demand } from './rejection.ts'
import type { StateReader } from './state/reader.ts'

/** Lines open accounts where there are none: every wallet must have room for its own. Rejects with: too_many. */
export function demandAccounts(state: StateReader, { lines = [] }: Effects): void {
  for (const { from, to } of lines) {
    demandRoom(state, from, lines)
    if (to !== from) demandRoom(state, to, lines)
  }
}

function demandRoom(state: StateReader, wallet: WalletId, lines: readonly LineDraft[]): void {
  const owner = state.get('wallet', wallet)
  if (owner !== undefined && !listsAccounts(owner)) return
  const open = owner?.assets ?? []
  if (open.length + lines.length <= ACCOUNTS_PER_WALLET_MAX) return
  const touched = lines.filter(({ from, to }) => from === wallet || to === wallet)
  const assets = new Set([...open, ...touched.map(({ asset }) => asset)])
  demand(assets.size <= ACCOUNTS_PER_WALLET_MAX, () => ({
    code: 'too_many',
    what: 'accounts of a wallet',
    max: ACCOUNTS_PER_WALLET_MAX,
  }))
}

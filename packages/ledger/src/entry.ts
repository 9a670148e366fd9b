/** What conserves money: a balanced set of postings. */

import { unreachable } from './assert.ts'
import type { Hash } from './hash.ts'
import { type AssetId, issuanceWalletId, type WalletId } from './ids.ts'
import type { Line } from './line.ts'
import type { Asset } from './records.ts'

/** One signed leg. Units: minor units of the asset. */
export interface Posting {
  readonly wallet: WalletId
  readonly asset: AssetId
  readonly change: bigint
}

/** Postings that sum to zero for each asset. */
export type Entry = readonly Posting[]

/** What decides between burning and moving. */
export interface EntryContext {
  readonly hash: Hash
  readonly kind: Asset['kind']
  readonly keeper: WalletId
}

/** What of a line decides its entry. */
export type MovingLine = Pick<Line, 'action' | 'asset' | 'from' | 'to' | 'amount'> & {
  readonly imported?: object
}

/**
 * The entry of a line, by its code alone: the table of docs/spec/lines.md.
 *
 * A line with amount 0 has an empty entry, and so has an imported one: it moved money in another book.
 */
export function entryOf(line: MovingLine, { hash, kind, keeper }: EntryContext): Entry {
  const { action, asset, from, to, amount } = line
  if (amount === 0n || line.imported !== undefined) return []
  const move = (source: WalletId, target: WalletId): Entry => [
    { wallet: source, asset, change: -amount },
    { wallet: target, asset, change: amount },
  ]
  switch (action) {
    case 'FST':
    case 'SUB':
    case 'BDG':
    case 'COR':
    case 'HLD':
    case 'REL':
    case 'EXP':
    case 'PRP':
    case 'VOT':
    case 'APL':
      return []
    case 'CRE':
    case 'DVD':
      return move(issuanceWalletId(hash, asset), to)
    case 'REF':
    case 'SAL':
    case 'QRS':
    case 'FUS':
    case 'TRF':
    case 'MLT':
    case 'RDS':
    case 'GRT':
    case 'EXC':
      return move(from, to)
    case 'RFD':
      // Federated euros go to the place that paid cash; local money is burnt by its issuer.
      return kind === 'FED' && to !== keeper
        ? move(from, to)
        : move(from, issuanceWalletId(hash, asset))
    case 'BNK':
      return move(from, issuanceWalletId(hash, asset))
    case 'OPN':
      // Federated euros are opened at the keeper, against the reserve, and go out from there.
      return move(from === to ? issuanceWalletId(hash, asset) : from, to)
    default:
      return unreachable(action)
  }
}

/** What a line reserves on its sender's account (positive) or gives free again (negative). */
export function heldChange({ action, amount }: Pick<Line, 'action' | 'amount'>): bigint {
  if (action === 'HLD') return amount
  return action === 'REL' || action === 'EXP' ? -amount : 0n
}

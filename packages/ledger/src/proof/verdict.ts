/** What a receipt or a statement turns out to be worth: proven, with its facts, or not, with the reason. */
import type { AssetId, ChainId, Kid, TxId, WalletId } from '../ids.ts'
import { Malformed } from '../shape.ts'

/**
 * Why something is not proven. Texts that come from the file may say anything: what is here is what was found.
 * Source: docs/spec/receipts.md, "Reasons".
 */
export type Unproven =
  /** Not such a file: what was expected, and where. */
  | { readonly code: 'malformed'; readonly at: string; readonly expected: string }
  /** All signed parts hold, and still the file is not as it was written. */
  | { readonly code: 'damaged' }
  /** The verifier was given no key of a log. */
  | { readonly code: 'nobody_trusted' }
  | {
      readonly code: 'other_chain'
      readonly chain: ChainId
      readonly trusted: readonly ChainId[]
    }
  /** The chain is a trusted one, its signer is not. `keys`: ids, in hex, of those who signed in its name. */
  | { readonly code: 'unknown_log_key'; readonly chain: ChainId; readonly keys: readonly string[] }
  | { readonly code: 'bad_log_signature'; readonly name: string; readonly key: string }
  /** The co-signature of a known witness does not hold. */
  | { readonly code: 'bad_cosignature'; readonly name: string; readonly key: string }
  | { readonly code: 'tx_of_other_chain'; readonly chain: ChainId; readonly txChain: ChainId }
  /** The id of a system entry does not follow from its chain, height and position. */
  | { readonly code: 'other_entry_id'; readonly id: TxId; readonly derived: TxId }
  | { readonly code: 'later_than_checkpoint'; readonly height: number; readonly sealed: number }
  | { readonly code: 'not_in_history'; readonly index: number; readonly size: number }
  /** The key in the file is not the one that the tx names. */
  | { readonly code: 'other_tx_key'; readonly kid: Kid }
  | { readonly code: 'weak_tx_key'; readonly kid: Kid }
  | { readonly code: 'bad_tx_signature'; readonly kid: Kid }
  | { readonly code: 'line_count'; readonly lines: number; readonly hashes: number }
  | { readonly code: 'line_mismatch'; readonly line: number; readonly member: LineMember }
  | { readonly code: 'not_in_state'; readonly key: string }
  | { readonly code: 'wallet_absent'; readonly wallet: WalletId }
  /** The wallet lists an account that the statement does not show. */
  | { readonly code: 'account_missing'; readonly wallet: WalletId; readonly asset: AssetId }

export type UnprovenCode = Unproven['code']

/** What of a line does not fit. `hash`: the line is not the one that was decided. */
export type LineMember = 'actionIndex' | 'hash' | 'lineIndex' | 'previous' | 'seq' | 'timeUs' | 'tx'

/** Never proven by default: only `toVerdict` makes the first of them, from facts that passed every check. */
export type Verdict<Facts> =
  | { readonly proven: true; readonly facts: Facts }
  | { readonly proven: false; readonly reason: Unproven }

/** Carries a reason out of the depth of a check. Caught by `toVerdict` alone. */
class Refuted {
  readonly reason: Unproven

  constructor(reason: Unproven) {
    this.reason = reason
  }
}

/** Ends the check with a reason. */
export function refute(reason: Unproven): never {
  throw new Refuted(reason)
}

/** Ends the check with a reason unless the condition holds. */
export function prove(condition: boolean, reason: () => Unproven): asserts condition {
  if (!condition) refute(reason())
}

/** What was read in a member of the file, or the end of the check where it is malformed. */
export function wellFormed<T>(value: T | Malformed, member = ''): T {
  if (!(value instanceof Malformed)) return value
  throw member === '' ? value : new Malformed(`${member}: ${value.path}`, value.expected)
}

/** The verdict of a check that answers facts or ends with a reason. */
export function toVerdict<Facts>(check: () => Facts): Verdict<Facts> {
  try {
    return { proven: true, facts: check() }
  } catch (cause) {
    if (cause instanceof Refuted) return { proven: false, reason: cause.reason }
    if (!(cause instanceof Malformed)) throw cause
    const { path, expected } = cause
    return { proven: false, reason: { code: 'malformed', at: path, expected } }
  }
}

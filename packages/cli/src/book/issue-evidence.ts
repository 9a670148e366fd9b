import { text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { type EvidenceChoice, evidenceValues, readEvidence } from './evidence.ts'
import { handValues, readHand } from './hand.ts'

/** What proves a payment for which federated euros are issued: by hand, or by an account and a reference. */
export const issueValues = {
  gross: text('amount', evidenceValues.gross.what),
  fee: evidenceValues.fee,
  account: text('account', evidenceValues.account.what),
  reference: text('text', evidenceValues.reference.what),
  ...handValues,
}

/** Where money that was paid by hand is: its account when none is named, and what another begins with. */
const HAND_ACCOUNTS = {
  cash: { usual: 'transit/cash', prefix: 'transit/' },
  transfer: { usual: 'bank/main', prefix: 'bank/' },
} as const

/** Throws Misuse. */
export function readIssueEvidence(values: {
  readonly gross: string | undefined
  readonly fee: string | undefined
  readonly account: string | undefined
  readonly reference: string | undefined
  readonly cash: string | undefined
  readonly transfer: string | undefined
}): EvidenceChoice {
  const { gross, fee } = values
  if (gross === undefined) throw new Misuse('Name what was paid with --gross. Nothing was sent.')
  const hand = readHand(values)
  if (hand === undefined) {
    const { account, reference } = values
    if (account !== undefined && reference !== undefined) {
      return readEvidence({ gross, fee, account, reference })
    }
    throw new Misuse(
      'Name --transfer or --cash, or else --account with --reference. Nothing was sent.',
    )
  }
  if (values.reference !== undefined) {
    throw new Misuse(
      `--${hand.provider} is the reference: leave --reference out. Nothing was sent.`,
    )
  }
  const { usual, prefix } = HAND_ACCOUNTS[hand.provider]
  const { account = usual } = values
  if (!account.startsWith(prefix)) {
    throw new Misuse(`--${hand.provider} is on an account ${prefix}…. Nothing was sent.`)
  }
  return readEvidence({ gross, fee, account, reference: hand.reference })
}

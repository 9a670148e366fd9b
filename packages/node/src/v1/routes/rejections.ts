/** What v1's clients read when something is not done: each reason of ours in v1's words, where it has some. */
import { REJECTION_SENTENCES, type RejectionOf, type Sentence } from '@fedow/api'
import { Refusal, type Rejection, type RejectionCode } from '@fedow/ledger'
import { Denied } from '../../gateway/denial.ts'
import { NOT_AUTHENTICATED, notFound, unknownKey } from '../codec/messages.ts'
import { V1Refusal } from '../refusal.ts'

type Words = string | ((rejection: Rejection) => V1Refusal)

const NOTHING_FITS = 'No action authorized'

/** `own`: v1 knows no such thing, so our own sentence says it. */
const OWN = 'own'

const WORDS: Readonly<Record<RejectionCode, Words>> = {
  amount_must_be_positive: OWN,
  wallets_must_differ: NOTHING_FITS,
  not_authorised: NOTHING_FITS,
  limit_exceeded: OWN,
  insufficient_balance: 'Not enough token on sender wallet',
  place_not_found: () => new V1Refusal(404, { detail: notFound('Place') }),
  place_suspended: OWN,
  wallet_not_found: () => new V1Refusal(404, { detail: notFound('Wallet') }),
  wallet_kind_refused: NOTHING_FITS,
  asset_not_found: unknownAsset,
  asset_archived: unknownAsset,
  asset_not_accepted: 'Asset not accepted',
  asset_not_spendable_here: 'Asset not accepted',
  asset_repeated: OWN,
  asset_is_shared: OWN,
  kind_refuses_action: NOTHING_FITS,
  not_person_to_person: NOTHING_FITS,
  not_refundable: OWN,
  supply_limit: OWN,
  card_not_found: () => new V1Refusal(404, { detail: notFound('Card') }),
  card_lost: OWN,
  card_not_lost: OWN,
  card_already_linked: OWN,
  // Somebody else's card is none, to who reports it lost.
  card_not_linked: () => new V1Refusal(404, { detail: notFound('Card') }),
  card_not_primary: 'Primary card must be in place primary cards',
  batch_not_open: OWN,
  batch_part_refused: OWN,
  wallet_has_holds: OWN,
  id_taken: OWN,
  name_taken: OWN,
  too_many: OWN,
  federation_not_found: OWN,
  not_a_member: OWN,
  already_a_member: OWN,
  not_invited: OWN,
  not_shared: OWN,
  already_shared: OWN,
  hold_not_found: OWN,
  hold_expired: OWN,
  hold_too_long: OWN,
  capture_too_large: OWN,
  evidence_burnt: 'Stripe token creation with this paiement already made',
  evidence_does_not_add_up: OWN,
  reserve_account_not_found: OWN,
  reserve_short: OWN,
  reserve_cap: OWN,
  due_cap: OWN,
  node_not_found: OWN,
  key_not_found: OWN,
  key_refused: OWN,
  key_already_there: OWN,
  capability_not_grantable: OWN,
  last_admin_key: OWN,
  subject_not_found: OWN,
  policy_too_early: OWN,
  import_closed: OWN,
  import_order_refused: OWN,
  attester_may_not_issue: OWN,
  statement_time_refused: OWN,
  statement_too_old: OWN,
  reserve_gap: OWN,
  move_refused: OWN,
  payout_not_found: OWN,
  payout_too_large: OWN,
  demurrage_refused: OWN,
  shares_do_not_add_up: OWN,
  rate_above_law: OWN,
  grace_below_law: OWN,
  second_keeper_needed: OWN,
  dividend_refused: OWN,
  already_admitted: OWN,
  not_admitted: OWN,
  nothing_due: OWN,
  asset_not_spendable_today: OWN,
  offer_not_found: OWN,
  offer_expired: OWN,
  exchange_refused: OWN,
  exchange_too_small: OWN,
  proposal_not_found: OWN,
  ballot_closed: OWN,
  not_in_electorate: OWN,
  electorate_founded: OWN,
  place_already_admitted: OWN,
  already_voted: OWN,
  nothing_changes: OWN,
  changed_meanwhile: OWN,
  fund_not_found: OWN,
  asset_not_shared: OWN,
  upgrade_refused: OWN,
}

function unknownAsset(rejection: Rejection): V1Refusal {
  const { asset } = rejection as RejectionOf<'asset_not_found'>
  return new V1Refusal(400, { asset: [unknownKey(asset)] })
}

/** What the book rejects, as v1 says it. */
export function refusalOf(rejection: Rejection): V1Refusal {
  const words = WORDS[rejection.code]
  if (typeof words !== 'string') return words(rejection)
  const sentence = words === OWN ? ownSentence(rejection) : words
  return new V1Refusal(400, { non_field_errors: [sentence] })
}

function ownSentence(rejection: Rejection): string {
  const { detail, fix } = REJECTION_SENTENCES[rejection.code] as Sentence<Rejection>
  return `${detail(rejection, (id) => id)} ${fix}`
}

/** What is thrown to refuse, by whatever part throws it; undefined for what is a fault of ours. */
export function toRefusal(cause: unknown): V1Refusal | undefined {
  if (cause instanceof V1Refusal) return cause
  if (cause instanceof Refusal) return refusalOf(cause.rejection)
  if (!(cause instanceof Denied)) return undefined
  const { denial } = cause
  switch (denial.code) {
    case 'card_unknown':
      return new V1Refusal(404, { detail: notFound('Card') })
    case 'malformed':
    case 'invalid_request': {
      const fault = `${denial.where}: expected ${denial.expected}`
      return new V1Refusal(400, { non_field_errors: [fault] })
    }
    default:
      return new V1Refusal(403, { detail: NOT_AUTHENTICATED })
  }
}

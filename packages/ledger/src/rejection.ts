import type {
  AssetId,
  CardId,
  FederationId,
  HoldId,
  OfferId,
  PayoutId,
  PlaceId,
  ProposalId,
  WalletId,
} from './ids.ts'

/** What a key may do on a subject. `admin` includes all the others there, but for `issue` and `attest` on the network. */
export const CAPABILITIES = [
  'admin',
  'host',
  'propose',
  'vote',
  'stake',
  'sell',
  'cards',
  'issue',
  'assets',
  'federate',
  'spend',
  'enrol',
  'attest',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** Which limit a tx would cross. */
export type LimitName =
  | 'card_balance'
  | 'card_sale'
  | 'card_day'
  | 'key_sale'
  | 'key_hour'
  | 'key_day'
  | 'place_hour'
  | 'issue_day'
  | 'wallet_day'
  | 'offer_day'

/** What is there in place of an approval that lets an issue pass. */
export type ApprovalFault = 'nothing' | 'own_key' | 'ended_key' | 'other_values'

/**
 * Why a valid block refused a tx. Part of consensus: every node gives the same one, with the same members.
 * Amounts in minor units, times in milliseconds. Source: docs/spec/rejections.md.
 */
export type Rejection =
  | { code: 'amount_must_be_positive' }
  | { code: 'wallets_must_differ'; wallet: WalletId }
  | { code: 'not_authorised'; can: Capability; on: string }
  | { code: 'limit_exceeded'; limit: LimitName; left: bigint; untilMs?: number }
  | { code: 'insufficient_balance'; wallet: WalletId; asset: AssetId; missing: bigint }
  | { code: 'place_not_found'; place: PlaceId }
  | { code: 'place_suspended'; place: PlaceId }
  | { code: 'wallet_not_found'; wallet: WalletId }
  | { code: 'wallet_kind_refused'; wallet: WalletId; kind: string }
  | { code: 'asset_not_found'; asset: AssetId }
  | { code: 'asset_archived'; asset: AssetId }
  | { code: 'asset_not_accepted'; asset: AssetId; place: PlaceId }
  | { code: 'asset_not_spendable_here'; asset: AssetId; place: PlaceId }
  | { code: 'asset_repeated'; asset: AssetId }
  | { code: 'asset_is_shared'; asset: AssetId; federation: FederationId }
  | { code: 'kind_refuses_action'; asset: AssetId; kind: string; action: string }
  | { code: 'not_person_to_person'; asset: AssetId }
  | { code: 'not_refundable'; asset: AssetId; place: PlaceId }
  | { code: 'supply_limit'; asset: AssetId; left: bigint }
  | { code: 'card_not_found'; card: CardId }
  | { code: 'card_lost'; card: CardId }
  | { code: 'card_not_lost'; card: CardId }
  | { code: 'card_already_linked'; card: CardId }
  | { code: 'card_not_linked'; card: CardId; wallet: WalletId }
  | { code: 'card_not_primary'; card: CardId; place: PlaceId }
  | { code: 'batch_not_open'; batch: string }
  | { code: 'batch_part_refused'; batch: string; expected: number }
  | { code: 'wallet_has_holds'; wallet: WalletId; asset: AssetId }
  | { code: 'id_taken'; id: string }
  | { code: 'name_taken'; name: string }
  | { code: 'too_many'; what: string; max: number }
  | { code: 'federation_not_found'; federation: FederationId }
  | { code: 'not_a_member'; federation: FederationId; place: PlaceId }
  | { code: 'already_a_member'; federation: FederationId; place: PlaceId }
  | { code: 'not_invited'; federation: FederationId; place: PlaceId }
  | { code: 'not_shared'; federation: FederationId; asset: AssetId }
  | { code: 'already_shared'; federation: FederationId; asset: AssetId }
  | { code: 'hold_not_found'; hold: HoldId }
  | { code: 'hold_expired'; hold: HoldId; expiredMs: number }
  | { code: 'hold_too_long'; hold: HoldId; maxMs: number }
  | { code: 'capture_too_large'; hold: HoldId; left: bigint }
  | { code: 'evidence_burnt'; reference: string }
  | { code: 'evidence_does_not_add_up'; missing: bigint }
  | { code: 'reserve_account_not_found'; account: string }
  | { code: 'reserve_short'; account: string; missing: bigint }
  | { code: 'reserve_cap'; left: bigint }
  | { code: 'due_cap'; left: bigint }
  | { code: 'node_not_found'; node: string }
  | { code: 'key_not_found'; kid: string }
  | { code: 'key_refused'; x: string }
  | { code: 'key_already_there'; kid: string }
  | { code: 'capability_not_grantable'; can: Capability }
  | { code: 'last_admin_key'; on: string }
  | { code: 'subject_not_found'; on: string }
  | { code: 'policy_too_early'; asset: AssetId; earliestMs: number }
  | { code: 'import_closed'; line: number }
  | { code: 'import_order_refused'; id: string }
  | { code: 'attester_may_not_issue'; kid: string }
  | { code: 'statement_time_refused'; account: string; afterMs: number; untilMs: number }
  | { code: 'statement_too_old'; account: string; sinceMs: number }
  | { code: 'reserve_gap'; missing: bigint }
  | { code: 'move_refused'; why: string }
  | { code: 'payout_not_found'; payout: PayoutId }
  | { code: 'payout_too_large'; payout: PayoutId; left: bigint }
  | { code: 'demurrage_refused'; kind: string; why: string }
  | { code: 'shares_do_not_add_up'; sumPpm: number }
  | { code: 'rate_above_law'; most: bigint }
  | { code: 'grace_below_law'; leastDays: number }
  | {
      code: 'second_keeper_needed'
      reference: string
      above: bigint
      found: ApprovalFault
      alone?: bigint
    }
  | { code: 'dividend_refused'; member: string }
  | { code: 'already_admitted'; asset: AssetId; wallet: WalletId }
  | { code: 'not_admitted'; asset: AssetId; wallet: WalletId }
  | { code: 'nothing_due'; asset: AssetId; wallet: WalletId; nextMs?: number }
  | { code: 'asset_not_spendable_today'; asset: AssetId; nextMs: number }
  | { code: 'offer_not_found'; offer: OfferId }
  | { code: 'offer_expired'; offer: OfferId; untilMs: number }
  | { code: 'exchange_refused'; take: AssetId; give: AssetId }
  | { code: 'exchange_too_small'; offer: OfferId; least: bigint }
  | { code: 'proposal_not_found'; proposal: ProposalId }
  | { code: 'ballot_closed'; proposal: ProposalId; closedMs: number }
  | { code: 'not_in_electorate'; place: PlaceId }
  | { code: 'electorate_founded'; places: number }
  | { code: 'place_already_admitted'; place: PlaceId }
  | { code: 'already_voted'; proposal: ProposalId; place: PlaceId }
  | { code: 'nothing_changes'; name: string }
  | { code: 'changed_meanwhile'; name: string }
  | { code: 'fund_not_found'; wallet: WalletId }
  | { code: 'asset_not_shared'; asset: AssetId }
  | { code: 'upgrade_refused'; rules: number; afterHeight: number }

export type RejectionCode = Rejection['code']

/** Numbers written in outcomes. Append only: a retired code keeps its number for ever. */
export const REJECTION_NUMBER: Readonly<Record<RejectionCode, number>> = {
  amount_must_be_positive: 1,
  wallets_must_differ: 2,
  not_authorised: 3,
  limit_exceeded: 4,
  insufficient_balance: 5,
  place_not_found: 6,
  place_suspended: 7,
  wallet_not_found: 8,
  wallet_kind_refused: 9,
  asset_not_found: 10,
  asset_archived: 11,
  asset_not_accepted: 12,
  asset_not_spendable_here: 13,
  asset_repeated: 14,
  asset_is_shared: 15,
  kind_refuses_action: 16,
  not_person_to_person: 17,
  not_refundable: 18,
  supply_limit: 19,
  card_not_found: 20,
  card_lost: 21,
  card_not_lost: 22,
  card_already_linked: 23,
  card_not_linked: 24,
  card_not_primary: 25,
  batch_not_open: 26,
  batch_part_refused: 27,
  wallet_has_holds: 28,
  id_taken: 29,
  name_taken: 30,
  too_many: 31,
  federation_not_found: 32,
  not_a_member: 33,
  already_a_member: 34,
  not_invited: 35,
  not_shared: 36,
  already_shared: 37,
  hold_not_found: 38,
  hold_expired: 39,
  hold_too_long: 40,
  capture_too_large: 41,
  evidence_burnt: 42,
  evidence_does_not_add_up: 43,
  reserve_account_not_found: 44,
  reserve_short: 45,
  reserve_cap: 46,
  due_cap: 47,
  node_not_found: 48,
  key_not_found: 49,
  key_refused: 50,
  key_already_there: 51,
  capability_not_grantable: 52,
  last_admin_key: 53,
  subject_not_found: 54,
  policy_too_early: 55,
  import_closed: 56,
  import_order_refused: 57,
  attester_may_not_issue: 58,
  statement_time_refused: 59,
  statement_too_old: 60,
  reserve_gap: 61,
  move_refused: 62,
  payout_not_found: 63,
  payout_too_large: 64,
  demurrage_refused: 65,
  shares_do_not_add_up: 66,
  rate_above_law: 67,
  grace_below_law: 68,
  second_keeper_needed: 96,
  dividend_refused: 100,
  already_admitted: 101,
  not_admitted: 102,
  nothing_due: 103,
  asset_not_spendable_today: 85,
  offer_not_found: 86,
  offer_expired: 87,
  exchange_refused: 88,
  exchange_too_small: 89,
  proposal_not_found: 70,
  ballot_closed: 71,
  not_in_electorate: 72,
  electorate_founded: 73,
  place_already_admitted: 74,
  already_voted: 75,
  nothing_changes: 76,
  changed_meanwhile: 77,
  fund_not_found: 78,
  asset_not_shared: 79,
  upgrade_refused: 80,
}

/**
 * What a rule throws to refuse: the rest of the rule then reads without nested answers. Only `decide`
 * catches it, and turns it into a value (ADR 0004).
 */
export class Refusal {
  readonly rejection: Rejection

  constructor(rejection: Rejection) {
    this.rejection = rejection
  }
}

/** Refuses the action with this rejection. */
export function refuse(rejection: Rejection): never {
  throw new Refusal(rejection)
}

/** Refuses unless the condition holds. The rejection is built only then, so a rule may put an amount in it. */
export function demand(condition: boolean, rejection: () => Rejection): asserts condition {
  if (!condition) refuse(rejection())
}

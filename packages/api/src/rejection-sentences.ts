/**
 * How each rejection of the ledger is told. One entry a code: a new code does not compile until it has its
 * sentences. The file is long because the list is.
 */
import type { ApprovalFault, LimitName, RejectionCode } from '@fedow/ledger'
import { DIVIDEND_REJECTIONS } from './dividend-rejections.ts'
import { EXCHANGE_REJECTIONS } from './exchange-rejections.ts'
import { GOVERNANCE_REJECTIONS } from './governance-rejections.ts'
import { MELT_REJECTIONS } from './melt-rejections.ts'
import { type RejectionOf, type Sentence, toDecimal, toMoment } from './sentence.ts'

const LIMITS: Readonly<Record<LimitName, string>> = {
  card_balance: 'what a card of this kind may hold',
  card_sale: 'what a card of this kind may pay at once',
  card_day: 'what a card of this kind may pay in a day',
  key_sale: 'what this key may move at once',
  key_hour: 'what this key may move in an hour',
  key_day: 'what this key may move in a day',
  place_hour: 'what a place may take in an hour',
  issue_day: 'what the network issues in a day',
  wallet_day: 'what one wallet may spend of this asset in a day',
  offer_day: 'what this offer gives one wallet in a day',
}

const APPROVALS: Readonly<Record<ApprovalFault, string>> = {
  nothing: 'nobody has approved this payment yet',
  own_key: 'this payment is approved by the key that issues, and another one must',
  ended_key: 'the key that has approved this payment may not issue any more',
  other_values: 'what was approved is another amount, fee, account or holder',
}

/** The sentences of every rejection. */
export const REJECTION_SENTENCES: { readonly [C in RejectionCode]: Sentence<RejectionOf<C>> } = {
  amount_must_be_positive: {
    title: 'The amount is zero',
    detail: () => 'An amount of this request is zero, and this gesture needs at least 0.01.',
    fix: 'Send an amount of at least 1 minor unit.',
  },
  wallets_must_differ: {
    title: 'Sender and receiver are the same',
    detail: ({ wallet }, nameOf) => `The wallet ${nameOf(wallet)} would pay itself.`,
    fix: 'Name two different wallets.',
  },
  not_authorised: {
    title: 'The key may not do this',
    detail: ({ can, on }, nameOf) =>
      `The key that signed lacks the right "${can}" on ${nameOf(on)}.`,
    fix: 'Ask an admin of that place or wallet to grant the right, or sign with a key that has it.',
  },
  limit_exceeded: {
    title: 'A limit would be crossed',
    detail: ({ limit, left, untilMs }) => {
      const until = untilMs === undefined ? '' : ` until ${toMoment(untilMs)}`
      return `This is more than ${LIMITS[limit]}: ${toDecimal(left)} is left${until}.`
    },
    fix: 'Take a smaller amount, wait until the limit starts anew, or have the limit raised.',
  },
  insufficient_balance: {
    title: 'Not enough money',
    detail: ({ asset, missing }, nameOf) => `${toDecimal(missing)} ${nameOf(asset)} are missing.`,
    fix: 'Refill, pay a smaller amount, or pay the rest another way.',
  },
  place_not_found: {
    title: 'Unknown place',
    detail: ({ place }) => `No place of this network has the id ${place}.`,
    fix: 'Check the id in the list of places.',
  },
  place_suspended: {
    title: 'The place is suspended',
    detail: ({ place }, nameOf) => `${nameOf(place)} is suspended and cannot trade.`,
    fix: 'Ask the network why; deposits and refunds at other places still work.',
  },
  wallet_not_found: {
    title: 'Unknown wallet',
    detail: ({ wallet }) => `No wallet has the id ${wallet}.`,
    fix: 'Check the id, or open the wallet first.',
  },
  wallet_kind_refused: {
    title: 'Not with this kind of wallet',
    detail: ({ wallet, kind }, nameOf) =>
      `${nameOf(wallet)} is the wallet of a ${kind}, with which this cannot be done.`,
    fix: 'Name the wallet of a person; a card is named by its card, a place is paid by a sale.',
  },
  asset_not_found: {
    title: 'Unknown asset',
    detail: ({ asset }) => `No asset has the id ${asset}.`,
    fix: 'Check the id in the list of assets.',
  },
  asset_archived: {
    title: 'The asset is retired',
    detail: ({ asset }, nameOf) =>
      `${nameOf(asset)} is archived: it is no longer sold or refilled.`,
    fix: 'Use another asset. What is held of it can still be refunded by its issuer.',
  },
  asset_not_accepted: {
    title: 'Not accepted here',
    detail: ({ asset, place }, nameOf) => `${nameOf(place)} does not accept ${nameOf(asset)}.`,
    fix: 'Pay with an asset that the place accepts, or share this one in a federation of the place.',
  },
  asset_not_spendable_here: {
    title: 'Not to be spent here',
    detail: ({ asset, place }, nameOf) =>
      `The issuer of ${nameOf(asset)} does not let it be spent at ${nameOf(place)}.`,
    fix: 'Pay with another asset; the policy of this one names its places.',
  },
  asset_repeated: {
    title: 'An asset twice',
    detail: ({ asset }, nameOf) => `${nameOf(asset)} stands in two parts of one payment.`,
    fix: 'Put the two amounts together.',
  },
  asset_is_shared: {
    title: 'The asset is shared',
    detail: ({ asset, federation }, nameOf) =>
      `${nameOf(asset)} is shared in ${nameOf(federation)}, so its issuer cannot change it alone.`,
    fix: 'Have the change voted, or stop sharing the asset first.',
  },
  kind_refuses_action: {
    title: 'Not with this kind of asset',
    detail: ({ asset, kind, action }, nameOf) =>
      `${nameOf(asset)} is of the kind ${kind}, which has no ${action}.`,
    fix: 'Name an asset of a kind that allows it.',
  },
  not_person_to_person: {
    title: 'Not from person to person',
    detail: ({ asset }, nameOf) => `The policy of ${nameOf(asset)} forbids giving it on like this.`,
    fix: 'Pay a place with it, or ask its issuer for another policy.',
  },
  not_refundable: {
    title: 'Not refunded here',
    detail: ({ asset, place }, nameOf) =>
      `${nameOf(place)} gives nothing back for ${nameOf(asset)}.`,
    fix: 'Leave this asset out; its issuer may refund it.',
  },
  supply_limit: {
    title: 'Too much in circulation',
    detail: ({ asset, left }, nameOf) =>
      `Only ${toDecimal(left)} more ${nameOf(asset)} can be counted exactly.`,
    fix: 'Take a smaller amount.',
  },
  card_not_found: {
    title: 'Unknown card',
    detail: ({ card }) => `The book has no card with the id ${card}.`,
    fix: 'Check the card; import the file of its order if that has not been done.',
  },
  card_lost: {
    title: 'The card was reported lost',
    detail: () => 'This card was reported lost, so it neither pays nor is refilled.',
    fix: 'Keep the card for its place of origin, which can give it back to circulation.',
  },
  card_not_lost: {
    title: 'The card is not lost',
    detail: () => 'This card is in use, so there is nothing to restore.',
    fix: 'Check that it is the right card.',
  },
  card_already_linked: {
    title: 'The card belongs to somebody',
    detail: () => 'This card is already linked to the wallet of a person.',
    fix: 'Its person reports it lost, or a place voids it; then it can be linked again.',
  },
  card_not_linked: {
    title: 'Not a card of this wallet',
    detail: ({ wallet }) => `This card is not linked to the wallet ${wallet}.`,
    fix: 'Check card and wallet; only the person of a card can do this.',
  },
  card_not_primary: {
    title: 'The card does not open this till',
    detail: ({ place }, nameOf) => `The card given as primary card is not one of ${nameOf(place)}.`,
    fix: 'Use a primary card of this place, or make this card primary first.',
  },
  batch_not_open: {
    title: 'The card order is not complete',
    detail: ({ batch }) => `The cards of order ${batch} are still being registered.`,
    fix: 'Wait until the import is done, or start the node again: it goes on by itself.',
  },
  batch_part_refused: {
    title: 'Not the next part of the card order',
    detail: ({ batch, expected }) =>
      `Order ${batch} has ${expected} cards registered; the part sent does not follow on that.`,
    fix: 'Send the parts once, in order, with the same facts.',
  },
  wallet_has_holds: {
    title: 'Money is reserved',
    detail: ({ asset }, nameOf) =>
      `${nameOf(asset)} of this card is held for a payment that is not done.`,
    fix: 'Have the hold captured or released, or wait until it expires.',
  },
  id_taken: {
    title: 'The id is taken',
    detail: ({ id }) => `Something in the book already has the id ${id}, or a list names it twice.`,
    fix: 'Make a new id, and name everything once.',
  },
  name_taken: {
    title: 'The name is taken',
    detail: ({ name }) => `"${name}" is already the name of another one here.`,
    fix: 'Choose another name: at a till, two of them could not be told apart.',
  },
  too_many: {
    title: 'Too many',
    detail: ({ what, max }) => `There are at most ${max} ${what}.`,
    fix: 'Remove one that is no longer needed.',
  },
  federation_not_found: {
    title: 'Unknown federation',
    detail: ({ federation }) => `No federation has the id ${federation}.`,
    fix: 'Check the id in the list of federations.',
  },
  not_a_member: {
    title: 'Not a member',
    detail: ({ federation, place }, nameOf) =>
      `${nameOf(place)} is not a member of ${nameOf(federation)}.`,
    fix: 'Have a member invite the place, and accept the invitation.',
  },
  already_a_member: {
    title: 'Already a member',
    detail: ({ federation, place }, nameOf) =>
      `${nameOf(place)} is already a member of ${nameOf(federation)}.`,
    fix: 'Nothing needs to be done.',
  },
  not_invited: {
    title: 'Not invited',
    detail: ({ federation, place }, nameOf) =>
      `${nameOf(place)} has no open invitation of ${nameOf(federation)}.`,
    fix: 'Ask a member for an invitation.',
  },
  not_shared: {
    title: 'Not shared',
    detail: ({ federation, asset }, nameOf) =>
      `${nameOf(asset)} is not shared in ${nameOf(federation)}.`,
    fix: 'Nothing needs to be done.',
  },
  already_shared: {
    title: 'Already shared',
    detail: ({ federation, asset }, nameOf) =>
      `${nameOf(asset)} is already shared in ${nameOf(federation)}.`,
    fix: 'Nothing needs to be done.',
  },
  hold_not_found: {
    title: 'No such hold',
    detail: ({ hold }) => `No open hold has the id ${hold}: it ended, or never was.`,
    fix: 'Look in the history: a hold ends by capture, release or expiry.',
  },
  hold_expired: {
    title: 'The hold has expired',
    detail: ({ expiredMs }) => `The hold ended on ${toMoment(expiredMs)}; the money is free again.`,
    fix: 'Open a new hold, or take a payment.',
  },
  hold_too_long: {
    title: 'A hold ends within a week',
    detail: ({ maxMs }) =>
      `The expiry has passed or lies more than ${Math.round(maxMs / 86_400_000)} days ahead.`,
    fix: 'Choose an expiry between now and then.',
  },
  capture_too_large: {
    title: 'More than is held',
    detail: ({ left }) => `The hold reserves ${toDecimal(left)}.`,
    fix: 'Capture at most that, and take the rest as a new payment.',
  },
  evidence_burnt: {
    title: 'This payment was already used',
    detail: () => 'Money was already issued or paid out for a payment with this reference.',
    fix: 'Check the reference. One payment counts once, for ever.',
  },
  evidence_does_not_add_up: {
    title: 'The payment does not add up',
    detail: ({ missing }) => `Net and fee differ from the amount by ${toDecimal(missing)}.`,
    fix: 'Send the figures of the provider: gross = net + fee; a payout has no fee.',
  },
  reserve_account_not_found: {
    title: 'Unknown reserve account',
    detail: ({ account }) => `The reserve has no account named ${account}.`,
    fix: 'Name an account that has taken a payment.',
  },
  reserve_short: {
    title: 'The reserve account is short',
    detail: ({ account, missing }) => `${toDecimal(missing)} euros are missing on ${account}.`,
    fix: 'Pay from another account of the reserve.',
  },
  reserve_cap: {
    title: 'The reserve is not attested',
    detail: ({ left }) =>
      `Until a second person attests the bank statements, only ${toDecimal(left)} more may be issued.`,
    fix: 'Take a smaller amount, or have a second person register a key and attest.',
  },
  due_cap: {
    title: 'The keeper owes too much',
    detail: ({ left }) =>
      `Fees may add only ${toDecimal(left)} more to what the keeper owes the reserve.`,
    fix: 'The keeper settles what is due; then refills go on.',
  },
  node_not_found: {
    title: 'Unknown node',
    detail: ({ node }) => `The network has no node with the id ${node}.`,
    fix: 'Have the operator admit the node.',
  },
  key_not_found: {
    title: 'Unknown key',
    detail: ({ kid }) => `The key ${kid} has no role here.`,
    fix: 'Check the list of keys.',
  },
  key_refused: {
    title: 'Not a usable public key',
    detail: () => 'The text is not a public key of Ed25519, or one of the weak ones.',
    fix: 'Make a new key.',
  },
  key_already_there: {
    title: 'The key is already there',
    detail: ({ kid }) => `The key ${kid} already has a role here, or is named twice.`,
    fix: 'Remove it first to give it other rights.',
  },
  capability_not_grantable: {
    title: 'This right is never granted to a node',
    detail: ({ can }) => `The right "${can}" stays with people and their own keys.`,
    fix: 'Leave it out.',
  },
  last_admin_key: {
    title: 'The last admin key',
    detail: ({ on }, nameOf) => `${nameOf(on)} would be left without an admin.`,
    fix: 'Add another admin key in the same change.',
  },
  subject_not_found: {
    title: 'Nothing has keys by this name',
    detail: ({ on }) => `${on} does not exist, or is of a kind that has no keys.`,
    fix: 'Name network, or place/, wallet/ or node/ and an id.',
  },
  policy_too_early: {
    title: 'The notice is too short',
    detail: ({ earliestMs }) =>
      `Terms that take something from holders begin on ${toMoment(earliestMs)} at the earliest.`,
    fix: 'Choose a later date: holders have 90 days on the old terms.',
  },
  import_closed: {
    title: 'This book takes no import',
    detail: ({ line }) =>
      `Another book is brought into a new one only: something else happened in this one after line ${line}, or its import is complete.`,
    fix: 'Import into a new folder.',
  },
  import_order_refused: {
    title: 'An imported line is out of order',
    detail: ({ id }) => `Line ${id} is not later than the imported line before it.`,
    fix: 'Import the lines in the order of time and id, each once.',
  },
  attester_may_not_issue: {
    title: 'A key cannot both issue and attest',
    detail: () =>
      'Whoever attests the euros of the reserve is another person than the one who issues for them.',
    fix: 'Give the right to attest to the key of a second person.',
  },
  statement_time_refused: {
    title: 'The statement is of a wrong moment',
    detail: ({ account, afterMs, untilMs }) =>
      afterMs === 0
        ? `A statement of ${account} is of no later moment than ${toMoment(untilMs)}, which is now in the book.`
        : `A statement of ${account} is later than the last one, of ${toMoment(afterMs)}, and not later than ${toMoment(untilMs)}, which is now in the book.`,
    fix: 'Look the balance up again, and state it with the moment at which you read it.',
  },
  statement_too_old: {
    title: 'A statement of the reserve is missing',
    detail: ({ account, sinceMs }) =>
      `No statement of ${account} is younger than ${toMoment(sinceMs)}: until there is one, no federated euros are issued.`,
    fix: 'The person who attests posts what this account has. A payment that was received is kept, and credited then.',
  },
  reserve_gap: {
    title: 'The statements differ from the book',
    detail: ({ missing }) =>
      missing > 0n
        ? `By the last statements the reserve has ${toDecimal(missing)} less than the book says: no federated euros are issued.`
        : `By the last statements the reserve has ${toDecimal(-missing)} more than the book says: no federated euros are issued.`,
    fix: 'The keeper books what is missing; then the person who attests posts new statements. A payment that was received is kept, and credited then.',
  },
  move_refused: {
    title: 'The reserve does not move so',
    detail: ({ why }) => `Between these two accounts nothing moves as "${why}".`,
    fix: 'What the keeper owes grows by a fee or a dispute, and shrinks by a settlement or a correction; a payout is between other accounts.',
  },
  payout_not_found: {
    title: 'Unknown payout',
    detail: ({ payout }) => `No payout with the id ${payout} is open.`,
    fix: 'Check the history of the wallet: it was paid, cancelled or never opened.',
  },
  ...MELT_REJECTIONS,
  payout_too_large: {
    title: 'More than what is held',
    detail: ({ left }) => `Only ${toDecimal(left)} is held for this payout.`,
    fix: 'Pay that much at most; open another payout for the rest.',
  },
  second_keeper_needed: {
    title: 'A second keeper is needed',
    detail: ({ above, found, alone = 0n }) =>
      `More than ${toDecimal(above)} is issued by two: ${APPROVALS[found]}.${
        alone > 0n
          ? ` This key alone has issued ${toDecimal(alone)} before that counts with it: in the same tx, or by hand in the same day of UTC.`
          : ''
      }`,
    fix: 'Another keeper looks at the payment and signs "fedow issue approve" with a key of their own; then issue it again with a new key. A payment through a provider is kept, and credited by itself then.',
  },
  ...DIVIDEND_REJECTIONS,
  ...EXCHANGE_REJECTIONS,
  ...GOVERNANCE_REJECTIONS,
}

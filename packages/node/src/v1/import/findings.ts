/** What an import finds wrong or odd in a v1 database: codes, what is done about each, and what a person decides. */

/** One thing found. Ids are UUIDs, by what they are. */
export interface Finding {
  readonly code: FindingCode
  readonly subjects: Subjects
  /** In cents. Absent where none is known, or none is concerned. */
  readonly amount?: bigint
  /** What is particular about this one: complete sentences. */
  readonly detail: string
}

export type Subjects = Readonly<Record<string, string | readonly string[]>>
export type FindingCode = keyof typeof FINDING_KINDS

/** Every kind of finding. */
export interface FindingKind {
  readonly title: string
  /** What the import does about it. */
  readonly done: string
  /** What a person must decide before. */
  readonly decide?: string
}

const AS_STORED = 'The stored balances are imported, as clients show them.'
const KEPT = 'Kept as v1 wrote it: a fact of the history, which moves nothing.'
const NOT_IMPORTED = 'Cannot be imported as it stands: --apply stops.'

/** In the order of the report: what costs money first. */
export const FINDING_KINDS = {
  balance_drift: {
    title: 'Stored balance differs from the lines',
    done: 'The stored balance is imported, as the clients show it.',
    decide:
      'Which of the two is right. Correct it in v1 before the import, or accept the stored one.',
  },
  minting_undelivered: {
    title: 'Money made and never delivered',
    done: 'It stays where v1 left it: in the wallet of who made it.',
    decide:
      'Whether the customer is still owed the refill, or the amount is taken out of circulation.',
  },
  refill_without_minting: {
    title: 'Refill of money that was never made',
    done: AS_STORED,
    decide: 'Where this money came from, and whether it stays.',
  },
  fed_minted_without_checkout: {
    title: 'Federated money made without a Stripe checkout',
    done: AS_STORED,
    decide: 'Who covers it in euros, or who gives it back.',
  },
  fed_minted_unpaid: {
    title: 'Federated money made for a checkout that was not paid',
    done: AS_STORED,
    decide: 'Who covers it in euros, or who gives it back.',
  },
  fed_minted_in_error: {
    title: 'Federated money made for a checkout that v1 holds for in error or in progress',
    done: 'Balances and the state of the checkout are imported as stored.',
    decide: 'Whether Stripe received the money: look the payment up there.',
  },
  checkout_credited_twice: {
    title: 'One payment, credited more than once',
    done: AS_STORED,
    decide: 'Whether the second credit is taken back, or covered in euros.',
  },
  checkout_not_credited: {
    title: 'Payment that v1 began to credit, and no line says that it did',
    done: 'The checkout is imported with its state. Nobody is credited.',
    decide:
      'Whether Stripe received the money: look the payment up there, then refund it or credit it.',
  },
  checkout_open: {
    title: 'Checkout that is still open at Stripe',
    done: 'Imported as open. What is paid into it later cannot be credited by its old signature.',
    decide: 'Finish or expire it at Stripe before the switch; sessions live 24 hours.',
  },
  fed_gap: {
    title: 'Federated money in circulation that no paid checkout explains',
    done: 'It is imported; what the reserve statement does not cover becomes due from keeper.',
    decide: 'Who settles it, and by when.',
  },
  fed_reserve: {
    title: 'Euros that the reserve statement must show for the federated money',
    done: 'Give the accounts of the statement with --reserve; what they do not show becomes due from keeper.',
  },
  line_repeated: {
    title: 'The same request, carried out again',
    done: AS_STORED,
    decide:
      'Whether the second one is given back: a signed request was replayed, or an answer was lost.',
  },
  line_against_rules: {
    title: 'Line that v1 itself should have refused',
    done: `${KEPT} ${AS_STORED}`,
    decide: 'Whether its effect on the balances stays.',
  },
  impossible_amount: {
    title: 'Amount below zero, or larger than any book can hold',
    done: NOT_IMPORTED,
    decide: 'What the amount really is. Correct it in v1.',
  },
  unreadable_row: {
    title: 'Row that v1 itself could not have written',
    done: NOT_IMPORTED,
    decide: 'What belongs there. Correct it in v1.',
  },
  unknown_reference: {
    title: 'Row that names what is not there',
    done: NOT_IMPORTED,
    decide: 'What it should name. Correct it in v1, or restore the row that is missing.',
  },
  hash_mismatch: {
    title: 'Line that is not what its hash was computed from',
    done: 'The line and its hash are kept as they are.',
    decide: 'Whether somebody altered the line: compare it with a backup and with the tills.',
  },
  stranded_money: {
    title: 'Money in a wallet that belongs to nobody',
    done: 'The wallet is imported with it; no card and no person reaches it.',
    decide: 'To whom it goes. It can be moved after the import as well.',
  },
  wallet_of_two: {
    title: 'Wallet that belongs to more than one',
    done: NOT_IMPORTED,
    decide: 'Whose it is. Correct it in v1.',
  },
  card_of_two_wallets: {
    title: 'Card with a person and a wallet of its own',
    done: "The person's wallet is the card's, as in v1; the other is kept, out of reach.",
    decide: 'To whom the money of the other wallet goes, where there is some.',
  },
  card_collision: {
    title: 'Cards that a till cannot tell apart',
    done: NOT_IMPORTED,
    decide: 'Which of the cards keeps its number. Correct the other in v1.',
  },
  card_odd: {
    title: 'Card whose tag or number does not have 8 hex digits',
    done: 'Imported as it is. Lespass refuses every list that shows it.',
    decide: 'The right digits, from the card itself. Correct it in v1.',
  },
  homonymous_assets: {
    title: 'Assets of one name that meet at a place',
    done: 'Both are imported, and accepted where they were.',
    decide: 'Which one gets another name, or leaves the federation. A till cannot store both.',
  },
  asset_odd: {
    title: 'Asset that does not fit its kind',
    done: NOT_IMPORTED,
    decide: 'What it should be. Correct it in v1.',
  },
  key_named_temporary: {
    title: 'Key that v1 takes for temporary because of its name',
    done: 'Imported as the lasting key that it seems to be.',
    decide: 'Whether a till or Lespass uses it. Revoke it in v1 if not.',
  },
  temporary_key: {
    title: 'Temporary key that was never used up',
    done: 'Not imported: it would open everything. A new connection string replaces it.',
  },
  key_old_hash: {
    title: 'Key with a hash of an older v1',
    done: 'Imported. It keeps working, and gets the newer hash when it is first used.',
  },
  person_without_key: {
    title: 'Person whose wallet has no public key',
    done: 'Imported without one, as v1 has it.',
  },
  person_without_wallet: {
    title: 'Person without a wallet',
    done: 'Imported; a wallet is opened at the first login.',
  },
  secret_not_opened: {
    title: 'Encrypted column that stays closed',
    done: 'Left out. Give the right --fernet-key-file, or set it again after the import.',
  },
  chain_fork: {
    title: 'Line that several lines name as the one before',
    done: 'Kept: each line answers the hash and the previous line that v1 gave it. The new chain is linear.',
  },
  chain_odd: {
    title: 'Line that names one of another asset, a later one or itself as the one before',
    done: 'Kept: each line answers the hash and the previous line that v1 gave it. The new chain is linear.',
  },
  first_line_odd: {
    title: 'Asset without exactly one first line',
    done: 'Kept as it is. The new chain has its own beginning.',
  },
  line_in_future: {
    title: 'Line dated after today',
    done: 'Kept with its date. The clock of the book does not follow it.',
  },
  spent_more_than_held: {
    title: 'Line that spent more than the lines before it had left',
    done: `${KEPT} ${AS_STORED}`,
  },
  correction_line: {
    title: 'Correction of a balance that had drifted',
    done: 'Kept as a line. It is no movement: it closed a gap of the stored balance.',
  },
  card_lower_case: {
    title: 'Card with lower case digits',
    done: 'Imported in upper case, as tills send it.',
  },
  orphan_wallet: {
    title: 'Empty wallet that belongs to nobody any more',
    done: 'Imported with its history.',
  },
} as const satisfies Readonly<Record<string, FindingKind>>

export const FINDING_CODES = Object.keys(FINDING_KINDS) as readonly FindingCode[]

export function kindOf(code: FindingCode): FindingKind {
  return FINDING_KINDS[code]
}

/** True when it cannot be imported as it stands. */
export function isBlocking({ code }: Finding): boolean {
  return kindOf(code).done === NOT_IMPORTED
}

export function needsDecision({ code }: Finding): boolean {
  return kindOf(code).decide !== undefined
}

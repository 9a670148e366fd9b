/** A verdict in plain words: what is proven, by whose signature, and what is not. For command line and pages. */
import type {
  ReceiptFacts,
  ShownLine,
  StatedAccount,
  StatementFacts,
  Unproven,
  Verdict,
  Vouchers,
} from '@fedow/ledger'
import { LINE_WORDS } from './line-words.ts'
import { REJECTION_SENTENCES } from './rejection-sentences.ts'
import { type NameOf, type Sentence, toDecimal, toMoment, toPrintable } from './sentence.ts'
import { UNPROVEN_SENTENCES } from './unproven-sentences.ts'

/** Sentences about a receipt or statement, each complete. */
export interface ToldVerdict {
  /** A few words: proven or not, and what. */
  readonly title: string
  /** What is proven. Empty when nothing is. */
  readonly proven: readonly string[]
  /** By whose signature. Empty when nothing is proven. */
  readonly signedBy: readonly string[]
  /** What is not proven: the limits of a proof, or the reason why there is none. */
  readonly notProven: readonly string[]
  /** What to do now. */
  readonly fix: string
}

const asIs: NameOf = (id) => id

/** What a receipt proves and what it does not. Names come from the caller: no receipt holds or proves a name. */
export function tellReceipt(verdict: Verdict<ReceiptFacts>, nameOf: NameOf = asIs): ToldVerdict {
  if (!verdict.proven) return tellUnproven(verdict.reason, nameOf)
  const { facts } = verdict
  return {
    title: facts.status === 'applied' ? 'Proven: it was applied' : 'Proven: it was refused',
    proven: [...tellDecision(facts), ...facts.lines.map((line) => tellLine(line, nameOf))],
    signedBy: [...tellTxKey(facts), ...tellVouchers(facts)],
    notProven: [
      `What happened after block ${facts.sealed}: the money may have moved on, or been refunded.`,
      'Who the people behind the wallets and keys are, and what the names of assets and places are.',
      'That the rules were followed: only the whole book shows that, by an audit of a copy.',
      'That the dates are right: they are the word of the operator; a co-signature only shows that the entry was there by then.',
      ...tellSplitView(facts),
    ],
    fix: 'Keep the file as it is. To see whether the history still holds it, compare with a later checkpoint.',
  }
}

/** What a statement proves and what it does not. Names come from the caller. */
export function tellStatement(
  verdict: Verdict<StatementFacts>,
  nameOf: NameOf = asIs,
): ToldVerdict {
  if (!verdict.proven) return tellUnproven(verdict.reason, nameOf)
  const { facts } = verdict
  const { wallet, kind, sealed, isComplete, accounts } = facts
  const whole = isComplete
    ? 'These are all accounts of this wallet: it never had another one.'
    : 'This wallet keeps no list of its accounts: only those that were asked for are shown.'
  return {
    title: 'Proven: what the wallet held',
    proven: [
      `The wallet ${nameOf(wallet)} (${kind}) is in the book, as it was after block ${sealed}.`,
      ...accounts.map((account) => tellAccount(account, nameOf)),
      whole,
    ],
    signedBy: tellVouchers(facts),
    notProven: [
      `What the wallet holds now: these are balances after block ${sealed}, whose date the file does not show.`,
      'Who the people behind the wallet are, and what the names of assets are.',
      'That the balances follow from the history: only the whole book shows that, by an audit of a copy.',
      'That a witness saw these balances: a co-signature vouches for the history only, and the state line of the checkpoint is the word of the operator alone.',
      ...tellSplitView(facts),
    ],
    fix: 'Keep the file as it is. For newer balances, ask for a new statement.',
  }
}

function tellUnproven(reason: Unproven, nameOf: NameOf): ToldVerdict {
  const sentence = UNPROVEN_SENTENCES[reason.code] as Sentence<Unproven>
  return {
    title: `Not proven: ${sentence.title}`,
    proven: [],
    signedBy: [],
    notProven: [sentence.detail(reason, nameOf)],
    fix: sentence.fix,
  }
}

function tellDecision(facts: ReceiptFacts): readonly string[] {
  const { tx, actions, code, action = 0, height, timeUs, index, size, sealed } = facts
  const what = facts.signer === undefined ? 'The entry' : `The tx (${actions.join(', ')})`
  const when = `in block ${height}, dated ${toMoment(toMs(timeUs))}`
  const place = `It is number ${index + 1} of the ${size} entries of the history up to block ${sealed}.`
  if (code === undefined) return [`${what} ${tx} was applied ${when}.`, place]
  const { title } = REJECTION_SENTENCES[code]
  const refused = `${what} ${tx} was refused for good ${when}; no money moved.`
  return [refused, `The reason, at action ${action + 1}: ${title} (${code}).`, place]
}

function tellLine(line: ShownLine, nameOf: NameOf): string {
  const { action, amount, asset, from, to, card } = line
  const sides = `from ${nameOf(from)} to ${nameOf(to)}`
  const shown = card === null ? '' : `, with the card ${nameOf(card)}`
  return `Line: ${LINE_WORDS[action]}, ${toDecimal(amount)} ${nameOf(asset)} ${sides}${shown}.`
}

function tellAccount({ asset, balance, held, isOpen }: StatedAccount, nameOf: NameOf): string {
  if (!isOpen) return `It never had an account in ${nameOf(asset)}: it held 0.00.`
  const reserved = held === 0n ? '' : `, of which ${toDecimal(held)} is reserved by holds`
  return `It held ${toDecimal(balance)} ${nameOf(asset)}${reserved}.`
}

function tellTxKey({ signer }: ReceiptFacts): readonly string[] {
  return signer === undefined
    ? ['Nobody signed the entry: a node executes it by itself when its time has come.']
    : [`The key ${signer} signed the tx.`]
}

function tellVouchers({ signed, cosigned, unknownCosigners, sealed }: Vouchers): readonly string[] {
  const strangers = unknownCosigners.map((name) => `"${toPrintable(name)}"`).join(', ')
  return [
    ...signed.map(
      ({ name, key }) => `The log ${name} signed block ${sealed}, with its key ${key}.`,
    ),
    ...cosigned.map(
      ({ name, key, timeS }) =>
        `The witness ${name} (key ${key}) co-signed on ${toMoment(timeS * 1_000)}: it saw this history, grown from all it had seen before.`,
    ),
    ...(cosigned.length === 0 ? ['No witness that you know co-signed.'] : []),
    ...(strangers === ''
      ? []
      : [`Not checked, and worth nothing here: signatures named ${strangers}.`]),
  ]
}

/** What a witness would add. It vouches for the history alone. */
function tellSplitView({ cosigned }: Vouchers): readonly string[] {
  return cosigned.length > 0
    ? []
    : [
        'That everybody is shown the same history: without a witness, that is the word of the operator.',
      ]
}

function toMs(timeUs: number): number {
  return Math.floor(timeUs / 1_000)
}

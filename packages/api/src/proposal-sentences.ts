/** Proposals in words: what would change from what to what, what it takes, how it stands, why it failed. */
import {
  type AssetId,
  type BallotStatus,
  type Count,
  dayOf,
  hasMajority,
  hasQuorum,
  type KeptWhat,
  type KeptWhatOf,
  MAJORITIES,
  type ParameterName,
  type ParameterValue,
  type PolicyTerms,
  quorumOf,
  type Reason,
  type Rejection,
  type RejectionCode,
  type WhatKind,
} from '@fedow/ledger'
import { formatAmount, toDayText, type Unit } from './amount-text.ts'
import { PARAMETER_WORDS } from './parameter-words.ts'
import { termChanges } from './policy-words.ts'
import { REJECTION_SENTENCES } from './rejection-sentences.ts'
import type { NameOf, Sentence } from './sentence.ts'

const DAY_MS = 86_400_000

/** What the sentence of a proposal is made with. */
export interface ProposalContext {
  readonly nameOf: NameOf
  /** How amounts of an asset are written. */
  readonly unitOf: (asset: AssetId) => Unit
  /** Federated euros, in which parameters are counted. */
  readonly fed: AssetId
  /** The terms that a proposed policy would follow on; absent when they are not known. */
  readonly terms?: PolicyTerms | undefined
}

/** A moment as people read it, such as `Monday 7 December 2026 at 13:05 UTC`. Units: milliseconds. Rounding: down. */
export function toMomentWords(timeMs: number): string {
  return `${toDayText(dayOf(timeMs))} at ${new Date(timeMs).toISOString().slice(11, 16)} UTC`
}

type Sentences = {
  readonly [K in WhatKind]: (what: KeptWhatOf<K>, context: ProposalContext) => string
}

const SENTENCES: Sentences = {
  parameter: ({ name, before, value }, { unitOf, fed }) => {
    const say = (one: ParameterValue) => valueWords(name, one, unitOf(fed))
    return `${PARAMETER_WORDS[name].what} (${name}): from ${say(before)} to ${say(value)}.`
  },
  policy: policySentence,
  grant: ({ fund, to, asset, amount }, { nameOf, unitOf }) =>
    `${formatAmount(amount, unitOf(asset))} go from ${nameOf(fund)} to ${nameOf(to)}.`,
  admit: ({ place }, { nameOf }) => `${nameOf(place)}, which has no vote, gets one.`,
  suspend: ({ place, suspended }, { nameOf }) =>
    suspended
      ? `${nameOf(place)}, which trades, is suspended: it neither trades nor votes until another vote.`
      : `${nameOf(place)}, which is suspended, trades again.`,
  upgrade: ({ rules, height, before }) => {
    const now =
      before === undefined
        ? 'today no other version is planned'
        : `today version ${before.rules} is planned from block ${before.height} on`
    return `Version ${rules} of the rules holds from block ${height} on; ${now}.`
  },
}

/** What a proposal changes from what to what, in one sentence with amounts as people write them. */
export function proposalSentence(what: KeptWhat, context: ProposalContext): string {
  const sentence = SENTENCES[what.kind] as (what: KeptWhat, context: ProposalContext) => string
  return sentence(what, context)
}

function valueWords(name: ParameterName, value: ParameterValue, fed: Unit): string {
  const { none, unit } = PARAMETER_WORDS[name]
  if (value === null) return none
  if (unit === 'amount') return formatAmount(value, fed)
  return unit === 'days' ? `${value} days` : durationWords(Number(value))
}

function durationWords(ms: number): string {
  const days = Math.floor(ms / DAY_MS)
  const rest = ms - days * DAY_MS
  return rest === 0 ? `${days} days` : `${days} days and ${rest / 1_000} seconds`
}

function policySentence(what: KeptWhatOf<'policy'>, context: ProposalContext): string {
  const { nameOf, unitOf, terms } = context
  const unit = unitOf(what.asset)
  const changes = terms === undefined ? [] : termChanges(terms, what.terms, { nameOf, unit })
  const list = changes.map(({ term, before, after }) => `${term}: from ${before} to ${after}`)
  const said = list.length === 0 ? `the same as version ${what.version}` : list.join('. ')
  return `Terms of ${nameOf(what.asset)} after version ${what.version}, from ${toMomentWords(what.fromMs)} on: ${said}.`
}

/** What a proposal of a kind needs to pass, in one sentence. */
export function needsSentence(kind: WhatKind, electorate: number): string {
  const { agreement, isMore } = MAJORITIES[kind]
  const share = isMore ? `more than ${shareWords(agreement)}` : `at least ${shareWords(agreement)}`
  const voters = quorumOf(kind, electorate)
  return `At least ${voters} of ${places(electorate)} must vote; of those that say yes or no, ${share} must say yes.`
}

function shareWords({ part, whole }: { readonly part: number; readonly whole: number }): string {
  return whole === 2 ? 'half' : `${part} of ${whole}`
}

function places(number: number): string {
  return number === 1 ? '1 place' : `${number} places`
}

/** What `standingSentence` tells of. */
export interface Standing {
  readonly kind: WhatKind
  readonly count: Count
  readonly electorate: number
  readonly status: BallotStatus
}

/** How a vote stands, or what became of it, in one sentence or two. */
export function standingSentence({ kind, count, electorate, status }: Standing): string {
  const { yes, no, abstain } = count
  const told = `${yes} yes, ${no} no, ${abstain} abstain, of ${places(electorate)}.`
  if (status === 'passed') return `${told} It has passed, and applies by itself.`
  if (status === 'applied') return `${told} It has passed and is applied.`
  if (status === 'failed') return `${told} It has passed, and could not be applied.`
  const lack = lackOf({ kind, count, electorate })
  if (status === 'rejected') return `${told} It is rejected: ${lack ?? 'nobody has voted'}.`
  return lack === undefined
    ? `${told} If nothing changes it passes.`
    : `${told} If nothing changes it is rejected: ${lack}.`
}

function lackOf({ kind, count, electorate }: Omit<Standing, 'status'>): string | undefined {
  const needed = quorumOf(kind, electorate)
  if (!hasQuorum(kind, count, electorate)) return `fewer than ${needed} places vote`
  return hasMajority(kind, count) ? undefined : 'too few of yes and no are yes'
}

/** A refusal as people read it: what stands in the way, and what to do. */
export interface RefusalWords {
  readonly code: string
  readonly detail: string
  readonly fix: string
}

/** What helps where the usual advice is about a payment at a till. */
const FIXES: Partial<Readonly<Record<RejectionCode, string>>> = {
  insufficient_balance:
    'Propose it again with a smaller amount, or when the fund has more: see the list of funds.',
  wallet_kind_refused: 'Name the wallet of a place, or another fund.',
  asset_not_accepted: 'Grant another asset, or share this one in a federation of the place.',
  policy_too_early:
    'Let the terms begin on that day or later: people know them 90 days after they are voted.',
}

/** Why a proposal cannot be, or could not be applied. */
export function refusalWords(
  { code, with: members }: Reason | { readonly code: RejectionCode; readonly with: object },
  nameOf: NameOf,
): RefusalWords {
  const { detail, fix } = REJECTION_SENTENCES[code] as Sentence<Rejection>
  const rejection = { code, ...members } as Rejection
  return { code, detail: detail(rejection, nameOf), fix: FIXES[code] ?? fix }
}

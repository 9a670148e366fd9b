/** What is proposed, as a command line says it. */
import { readFileSync } from 'node:fs'
import { type BodyOf, type Client, PARAMETER_WORDS, type previewProposal } from '@fedow/api'
import {
  fromIsoDay,
  Malformed,
  type ParameterName,
  type ProposalId,
  parseId,
  WHAT_KINDS,
  type What,
  type WhatKind,
  what as whatShape,
} from '@fedow/ledger'
import { flag, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { parseAmount } from '../text/amount.ts'
import { readChoices } from './choice.ts'
import { meltingValues } from './melting.ts'
import { assetNamed, fundNamed, placeNamed, receiverNamed } from './named.ts'
import { readPositive } from './price.ts'
import { readNewTerms, type Terms } from './terms.ts'
import { readDuration, readMoment } from './time.ts'

/** Options by which a command says what is proposed; which of them belong to which kind is in `MEMBERS`. */
export const whatValues = {
  name: text('parameter', `which one: ${Object.keys(PARAMETER_WORDS).join(', ')}`),
  value: text('value', 'an amount such as 750.00, a time such as 21d, days, or none'),
  fund: text('fund', 'the fund that pays: its name or id'),
  to: text('receiver', 'a place or another fund, by name or by the id of its wallet'),
  asset: text('asset', 'its name, code or id'),
  amount: text('amount', 'how much'),
  about: text('place', 'the place that is admitted or suspended: its name or id'),
  lift: flag('end a suspension instead'),
  ...meltingValues,
  terms: text('file', 'all of the new terms as JSON, such as the API takes'),
  from: text('when', 'when new terms begin: 120d, or 2027-12-31T18:00:00Z'),
  rules: text('version', 'the version of the rules'),
  height: text('block', 'the first block with it'),
}

type WhatValues = {
  readonly [N in Exclude<keyof typeof whatValues, 'lift'>]: string | undefined
} & { readonly lift: boolean }
type ValueName = keyof WhatValues

/** What each kind needs. */
const MEMBERS: Readonly<Record<WhatKind, readonly ValueName[]>> = {
  parameter: ['name', 'value'],
  policy: ['asset', 'from'],
  grant: ['fund', 'to', 'asset', 'amount'],
  admit: ['about'],
  suspend: ['about'],
  upgrade: ['rules', 'height'],
}

/** What each kind may also be said with. */
const OPTIONAL: Partial<Readonly<Record<WhatKind, readonly ValueName[]>>> = {
  policy: ['terms', 'melting', 'meltingDay'],
  suspend: ['lift'],
}

function toOption(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** What is proposed: as a request asks for it, and as a tx says it. */
export interface AskedWhat {
  readonly json: BodyOf<typeof previewProposal>['what']
  readonly what: What
}

/** Throws Misuse, Refused. */
export async function readWhat(
  client: Client,
  kindText: string,
  values: WhatValues,
): Promise<AskedWhat> {
  const [kind] = readChoices([kindText], { of: WHAT_KINDS, what: 'kind of proposal' })
  if (kind === undefined) throw new Misuse(`Name one of ${WHAT_KINDS.join(', ')}.`)
  demandMembers(kind, values)
  const json = { kind, ...(await READERS[kind](client, values)) }
  try {
    return { json, what: whatShape(json, 'what') }
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    throw new Misuse(`${cause.path}: expected ${cause.expected}. Nothing was sent.`)
  }
}

function demandMembers(kind: WhatKind, values: WhatValues): void {
  const needed = MEMBERS[kind]
  const given = (Object.keys(whatValues) as ValueName[]).filter((name) => {
    return values[name] !== undefined && values[name] !== false
  })
  const missing = needed.filter((name) => !given.includes(name))
  const allowed: readonly ValueName[] = [...needed, ...(OPTIONAL[kind] ?? [])]
  const odd = given.filter((name) => !allowed.includes(name))
  if (missing.length === 0 && odd.length === 0) return
  const list = (names: readonly string[]) => names.map(toOption).join(', ')
  throw new Misuse(
    `A proposal of the kind ${kind} is said with ${list(needed)}.${missing.length > 0 ? ` Missing: ${list(missing)}.` : ''}${odd.length > 0 ? ` Not with it: ${list(odd)}.` : ''} Nothing was sent.`,
  )
}

type Reader = (client: Client, values: WhatValues) => Promise<object>

const READERS: Readonly<Record<WhatKind, Reader>> = {
  async parameter(_, { name = '', value = '' }) {
    const known = Object.keys(PARAMETER_WORDS) as ParameterName[]
    const [found] = readChoices([name], { of: known, what: 'parameter' })
    if (found === undefined) throw new Misuse(`Name one of ${known.join(', ')}.`)
    return { name: found, value: readValue(found, value) }
  },
  async policy(client, { asset = '', from = '', ...values }) {
    if (values.terms === undefined && values.melting === undefined) {
      throw new Misuse('Name what changes: --melting or --terms. Nothing was sent.')
    }
    const found = await assetNamed(client, asset)
    const terms = toBookTerms(readNewTerms(found, values))
    return { asset: found.id, fromMs: Date.parse(readMoment(from)), terms }
  },
  async grant(client, { fund = '', to = '', asset = '', amount = '' }) {
    const { id, kind } = await assetNamed(client, asset)
    return {
      fund: await fundNamed(client, fund),
      to: await receiverNamed(client, to),
      asset: id,
      amount: readPositive(amount, kind),
    }
  },
  async admit(client, { about = '' }) {
    return { place: (await placeNamed(client, about)).id }
  },
  async suspend(client, { about = '', lift }) {
    return { place: (await placeNamed(client, about)).id, suspended: !lift }
  },
  async upgrade(_, { rules = '', height = '' }) {
    return { rules: readWhole(rules), height: readWhole(height) }
  },
}

function readValue(name: ParameterName, value: string): number | null {
  if (value === 'none') return null
  const { unit } = PARAMETER_WORDS[name]
  if (unit === 'amount') return Number(parseAmount(value))
  return unit === 'ms' ? readDuration(value) : readWhole(value.replace(/d$/, ''))
}

function readWhole(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new Misuse(`"${value}" is not a whole number. Nothing was sent.`)
}

/** Terms as a proposal has them: a day is a number there. */
function toBookTerms({ demurrage, ...terms }: Terms): object {
  if (demurrage === undefined) return terms
  const { form } = demurrage
  if (!('allDay' in form)) return { ...terms, demurrage }
  return { ...terms, demurrage: { ...demurrage, form: { allDay: fromIsoDay(form.allDay) } } }
}

/** The id of a proposal. Throws Misuse. */
export function readProposal(value: string): ProposalId {
  const id = parseId<ProposalId>(value.toLowerCase())
  if (id !== undefined) return id
  throw new Misuse(`"${value}" is not the id of a proposal; "fedow proposal list" tells them.`)
}

/** A text that people read before they vote: the file as it is. Throws Misuse. */
export function readTextFile(path: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Misuse(`The text cannot be read: ${why}. Nothing was sent.`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Misuse(`${path} is not a text in UTF-8. Nothing was sent.`)
  }
}

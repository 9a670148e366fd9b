/** A reminder as its reader gets it: amount, date, why, three ways out, and how to have no more of them. */
import { DAY_MS } from '@fedow/ledger'
import type { ReminderLanguage } from '../store/reminder-choices.ts'
import type { ComingMelt } from './coming.ts'
import { WORDS, type Words } from './letter-words.ts'

/** What melts in a wallet on one day. */
export interface ComingDay {
  readonly dueDay: number
  readonly melts: readonly ComingMelt[]
}

export interface LetterFacts {
  /** By day, at least one. */
  readonly days: readonly ComingDay[]
  readonly today: number
  /** Where this node is reached, such as `https://fedow.example.org`. */
  readonly origin: string
  /** The page that stops reminders. */
  readonly stopUrl: string
}

export interface Letter {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Where the pages of the three ways out are to be. Source: docs/spec/reminders.md. */
export const WAY_PATHS = { spend: '/me/spend', give: '/me/give', refund: '/me/refund' } as const

/** One thing that is said: a title, a sentence, a point of a list, or an address with its words. */
type Piece =
  | { readonly is: 'title' | 'sentence' | 'point'; readonly text: string }
  | { readonly is: 'link'; readonly text: string; readonly url: string }

export function toLetter(facts: LetterFacts, language: ReminderLanguage): Letter {
  const words = WORDS[language]
  const [first] = facts.days
  const sums = (first?.melts ?? []).map((melt) => toSum(melt, melt.amount, words))
  const pieces = toPieces(facts, words)
  return {
    subject: words.subject(sums.join(' + '), toDay(first?.dueDay ?? facts.today, words)),
    text: toText(pieces),
    html: toHtml(pieces, language),
  }
}

function toPieces(facts: LetterFacts, words: Words): readonly Piece[] {
  const { days, today, origin, stopUrl } = facts
  const melts = days.flatMap((one) => one.melts)
  const isGiven = melts.some(({ policy }) => policy.personToPerson)
  const isRefunded = melts.some(({ policy }) => policy.refund !== 'never')
  const way = (name: keyof typeof WAY_PATHS, note = ''): Piece => ({
    is: 'link',
    text: `${words[name]}${note}`,
    url: `${origin}${WAY_PATHS[name]}`,
  })
  const goesOn = melts.some(({ terms }) => !('allDay' in terms.form))
  return [
    { is: 'sentence', text: words.hello },
    ...days.flatMap((one) => toDayPieces(one, today, words)),
    { is: 'title', text: words.whyTitle },
    ...[...new Set(melts.map((melt) => toReason(melt, words)))].map(toSentence),
    ...(goesOn ? [toSentence(words.goesOn)] : []),
    toSentence(words.commons),
    { is: 'title', text: words.waysTitle },
    way('spend'),
    way('give', isGiven ? '' : words.noGive),
    way('refund', isRefunded ? '' : words.noRefund),
    toSentence(words.rule),
    { is: 'link', text: words.stop, url: stopUrl },
  ]
}

function toSentence(text: string): Piece {
  return { is: 'sentence', text }
}

function toDayPieces({ dueDay, melts }: ComingDay, today: number, words: Words): readonly Piece[] {
  return [
    toSentence(words.lead(toDay(dueDay, words), dueDay - today)),
    ...melts.map((melt): Piece => {
      const { amount, balance, named } = melt
      const text = words.part(toSum(melt, amount, words), toSum(melt, balance, words), named.name)
      return { is: 'point', text }
    }),
  ]
}

function toReason(melt: ComingMelt, words: Words): string {
  const { terms, named } = melt
  const { form, basis, graceDays, period } = terms
  if ('allDay' in form) return words.allDay(named.name)
  const taken = words.form(form, (minor) => toSum(melt, minor, words))
  const often = `${taken} ${words.period(period)}`
  return words[basis](named.name, graceDays, often)
}

/** A day in UTC with the day of the week. */
function toDay(day: number, { locale }: Words): string {
  const format = { dateStyle: 'full', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(locale, format).format(new Date(day * DAY_MS))
}

/** Minor units are a hundredth of everything; hours are written as h and minutes. */
function toSum({ named }: Pick<ComingMelt, 'named'>, minor: bigint, { locale }: Words): string {
  const whole = new Intl.NumberFormat(locale).format(minor / 100n)
  const rest = minor % 100n
  if (named.kind === 'TIM') return `${whole} h ${pad((rest * 60n + 50n) / 100n)}`
  const separator = locale === 'fr-FR' ? ',' : '.'
  return `${whole}${separator}${pad(rest)} ${named.kind === 'FID' ? 'pts' : named.code}`
}

function pad(rest: bigint): string {
  return String(rest).padStart(2, '0')
}

function toText(pieces: readonly Piece[]): string {
  const lines = pieces.flatMap((piece) => {
    if (piece.is === 'title') return ['', piece.text, '']
    if (piece.is === 'point') return [`- ${piece.text}`]
    if (piece.is === 'link') return [`- ${piece.text}`, `  ${piece.url}`]
    return ['', piece.text]
  })
  return `${lines
    .join('\n')
    .trim()
    .replace(/\n{3,}/g, '\n\n')}\n`
}

function toHtml(pieces: readonly Piece[], language: ReminderLanguage): string {
  const body = pieces.map((piece) => {
    const text = escaped(piece.text)
    if (piece.is === 'title') return `<h2>${text}</h2>`
    if (piece.is === 'link') return `<p><a href="${escaped(piece.url)}">${text}</a></p>`
    return piece.is === 'point' ? `<p><strong>${text}</strong></p>` : `<p>${text}</p>`
  })
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body>${body.join('\n')}</body></html>\n`
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}

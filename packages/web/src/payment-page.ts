/** Pages for somebody who refills: the one to come back to, and the sandbox on which a try-out is paid. */
import type { PaymentFacts, SandboxFacts } from '@fedow/api'
import { Html, html } from './html.ts'
import { toMoment } from './moment.ts'
import { paymentWords } from './payment-words.ts'
import { STYLE } from './style.ts'
import type { Language } from './words.ts'

const OWN_STYLE = new Html(`
main { padding-top: 0; max-width: 40rem }
header, footer { max-width: 40rem }
.loud { margin: 0; padding: .75rem 1.5rem; background: #ffd43b; color: #14212b; font-weight: 700; text-align: center }
.sum { font-size: 1.75rem; font-variant-numeric: tabular-nums; margin: 0 }
label { display: block; font-weight: 600 }
input { font: inherit; width: 100%; max-width: 12rem; padding: .5rem; min-height: 44px }
button { font: inherit; display: block; width: 100%; text-align: left; padding: .6rem 1rem; margin: .5rem 0; min-height: 44px; color: var(--text); background: var(--ground); border: 2px solid var(--primary); border-radius: 8px; cursor: pointer }
button strong { display: block; color: var(--primary) }
.clock { display: flex; flex-wrap: wrap; gap: .5rem }
.clock button { width: auto; margin: 0 }
button:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid var(--primary); outline-offset: 2px }
.notice { font-weight: 600 }
`)

interface Sheet {
  readonly title: string
  readonly lead: string
  readonly isSandbox: boolean
  readonly main: Html
  /** Seconds after which the page loads itself again. */
  readonly refreshS?: number
}

function toDocument({ title, lead, isSandbox, main, refreshS }: Sheet, language: Language): string {
  const refresh =
    refreshS === undefined ? html`` : html`<meta http-equiv="refresh" content="${refreshS}">`
  const loud = isSandbox
    ? html`<p class="loud" role="note">${paymentWords(language).notReal}</p>`
    : html``
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${refresh}
<title>${title} · Fedow</title>
<style>${STYLE}${OWN_STYLE}</style>
</head>
<body>
${loud}
<header><h1>${title}</h1><p>${lead}</p></header>
<main>${main}</main>
<footer><p>Fedow</p></footer>
</body>
</html>
`.text
}

function euros(cents: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).format(cents / 100)
}

/** Where a payer comes back to. */
export function paymentPage(facts: PaymentFacts, language: Language): string {
  const words = paymentWords(language)
  const { state, amount, isSandbox, url } = facts
  const [title, means] =
    facts.waits === undefined ? TITLES[state](words) : WAITS[facts.waits](words)
  const sum = amount === undefined ? html`` : html`<p class="sum">${euros(amount, language)}</p>`
  const isOpen = state === 'paid' || state === 'opened' || state === 'intended'
  const pay = url === undefined ? html`` : html`<p><a href="${url}">${words.pay}</a></p>`
  const reload = isOpen ? html`<p><a href="">${words.reload}</a></p>` : html``
  const main = html`<section aria-live="polite"><h2>${title}</h2>${sum}<p>${means}</p>${pay}${reload}</section>`
  const refresh = state === 'paid' ? { refreshS: facts.waits === undefined ? 5 : 60 } : {}
  return toDocument({ title: words.payment, lead: '', isSandbox, main, ...refresh }, language)
}

type Words = ReturnType<typeof paymentWords>

const TITLES: Readonly<Record<PaymentFacts['state'], (words: Words) => readonly [string, string]>> =
  {
    intended: ({ waiting, waitingMeans }) => [waiting, waitingMeans],
    opened: ({ waiting, waitingMeans }) => [waiting, waitingMeans],
    paid: ({ received, receivedMeans }) => [received, receivedMeans],
    credited: ({ credited, creditedMeans }) => [credited, creditedMeans],
    failed: ({ over, overMeans }) => [over, overMeans],
    expired: ({ over, overMeans }) => [over, overMeans],
  }

const WAITS: Readonly<
  Record<NonNullable<PaymentFacts['waits']>, (words: Words) => readonly [string, string]>
> = {
  bank: ({ waiting, bankMeans }) => [waiting, bankMeans],
  second_keeper: ({ received, keeperMeans }) => [received, keeperMeans],
  tomorrow: ({ received, tomorrowMeans }) => [received, tomorrowMeans],
}

/** Where a try-out is paid: each outcome by its name. */
export function sandboxPage(facts: SandboxFacts, language: Language): string {
  const words = paymentWords(language)
  const { state, refused, isWaitedFor } = facts
  const isAtReader = isWaitedFor !== undefined
  const why = { amount: words.refusedAmount, declined: words.refusedCard }
  const notice =
    refused === undefined ? html`` : html`<p class="notice" role="alert">${why[refused]}</p>`
  const isOpen = state === 'open' && isWaitedFor !== false
  const body = isOpen ? payForm(facts, language) : standing(facts, language)
  const main = html`${notice}${body}${clockForm(facts, language)}`
  const title = isAtReader ? words.reader : words.sandbox
  const sheet = { title, lead: words.sandboxLead, isSandbox: true, main }
  return toDocument(sheet, language)
}

function payForm({ amount, isWaitedFor = false }: SandboxFacts, language: Language): Html {
  const words = paymentWords(language)
  const sum =
    amount === undefined
      ? html`<label>${words.amount} <input name="euros" inputmode="decimal" value="20,00" autocomplete="off"></label>`
      : html`<p>${words.chosen}</p><p class="sum">${euros(amount, language)}</p>`
  const paidMeans = isWaitedFor ? words.presentedMeans : words.paidMeans
  const [never, neverMeans] = isWaitedFor
    ? [words.nobody, words.nobodyMeans]
    : [words.never, words.neverMeans]
  const outcomes = [
    ['paid', words.paid, paidMeans],
    ['declined', words.declined, words.declinedMeans],
    ['later', words.later, words.laterMeans],
    ['never', never, neverMeans],
    ['twice', words.twice, words.twiceMeans],
    ['disputed', words.disputed, words.disputedMeans],
  ] as const
  return html`<section><form method="post">${sum}
<h2>${words.how}</h2>
${outcomes.map(
  ([name, title, means]) =>
    html`<button name="outcome" value="${name}"><strong>${title}</strong>${means}</button>`,
)}
</form></section>`
}

function standing(
  { state, amount, returnUrl, isWaitedFor }: SandboxFacts,
  language: Language,
): Html {
  const words = paymentWords(language)
  const said = {
    ...{
      open: isWaitedFor === false ? words.notAsked : words.open,
      pending: words.pending,
      paid: words.settled,
    },
    ...{ failed: words.failed, expired: words.expired },
  }
  const sum = amount === undefined ? html`` : html`<p class="sum">${euros(amount, language)}</p>`
  return html`<section><h2>${words.state}</h2>${sum}<p>${said[state]}</p>
<p><a href="${returnUrl}">${words.back}</a></p></section>`
}

function clockForm({ now }: SandboxFacts, language: Language): Html {
  const words = paymentWords(language)
  const steps = [
    [1, words.hour],
    [24, words.day],
    [72, words.threeDays],
  ] as const
  return html`<section><h2>${words.clock}</h2>
<p><time datetime="${now}">${toMoment(now, language)} UTC</time>. ${words.clockMeans}</p>
<form method="post" class="clock">${steps.map(
    ([hours, name]) =>
      html`<button name="hours" value="${hours}">${words.forward} ${name}</button>`,
  )}</form></section>`
}

/** Where the reader of the sandbox asks for nothing; it looks again by itself. */
export function idleReaderPage(language: Language): string {
  const words = paymentWords(language)
  const main = html`<section aria-live="polite"><h2>${words.idle}</h2><p>${words.idleMeans}</p></section>`
  const sheet = { title: words.reader, lead: words.sandboxLead, isSandbox: true, main }
  return toDocument({ ...sheet, refreshS: 3 }, language)
}

/** For an address that names no payment. */
export function noPaymentPage(language: Language): string {
  const words = paymentWords(language)
  const sheet = { title: words.none, lead: words.noneMeans, isSandbox: false, main: html`` }
  return toDocument(sheet, language)
}

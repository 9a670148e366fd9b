/** What the pages at `/dashboard/` share: the document around them, figures, and the table of moneys. */
import type { BookFacts, SupplyFacts } from '@fedow/api'
import { toAmount, toCount } from './amount.ts'
import { dashboardWords } from './dashboard-words.ts'
import { Html, html } from './html.ts'
import { toMoment } from './moment.ts'
import { STYLE } from './style.ts'
import { kindWord, type Language, wordsOf } from './words.ts'

export interface Sheet {
  readonly title: string
  /** A sentence below the title. */
  readonly lead: string
  readonly links: readonly { readonly to: string; readonly text: string }[]
  readonly main: readonly Html[]
  /** Absent when there is nothing of the network on it. */
  readonly network?: string
}

const OWN_STYLE = new Html(`
nav a { margin-right: 1rem }
.wide { overflow-x: auto }
.wide th[scope=row] { position: sticky; left: 0; min-width: 7.5rem; background: var(--sheet) }
thead th { vertical-align: bottom }
thead .amount { white-space: normal }
main { padding-top: 0 }
.wide:focus-visible, a:focus-visible { outline: 3px solid var(--primary); outline-offset: 2px }
table + p, .wide + p { margin: .75rem 0 0 }
.kind { padding-top: 1rem; font-weight: 600; color: var(--primary) }
td small, th small { display: block; font-size: .875rem }
h3 { margin: 1rem 0 .25rem; font-size: 1.05rem }
.figures { grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)) }
.bar { width: 50%; min-width: 5rem }
.bar i { display: block; height: .75rem; border-radius: 2px; background: var(--primary) }
p.notice { font-weight: 600 }
a { display: inline-block; min-height: 24px }
`)

/** The page as a whole document. Works without JavaScript and loads nothing. */
export function toDocument(sheet: Sheet, language: Language): string {
  const { title, lead, links, main, network } = sheet
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · ${network === undefined ? '' : `${network} · `}Fedow</title>
<style>${STYLE}${OWN_STYLE}</style>
</head>
<body>
<header><h1>${title}</h1><p>${lead}</p>
<nav>${links.map(({ to, text }) => html`<a href="${to}">${text}</a> `)}</nav></header>
<main>
${main}
</main>
<footer><p>${network === undefined ? '' : `${network} · `}Fedow</p></footer>
</body>
</html>
`
  return page.text
}

/** When the figures hold, and whether lines are still being counted. */
export function standing({ time, counting }: BookFacts, language: Language): Html {
  const words = dashboardWords(language)
  const moment = html`<p>${words.asOf} <time datetime="${time}">${toMoment(time, language)} UTC</time></p>`
  if (counting === undefined) return moment
  const { lines, of } = counting
  return html`${moment}
<p class="notice">${words.counting} ${toCount(lines, language)} ${words.countingOf} ${toCount(of, language)}.
${words.countingMeans} <a href="">${words.reload}</a></p>`
}

export function figures(
  rows: readonly (readonly [count: number, name: string])[],
  language: Language,
): Html {
  return html`<section class="figures">${rows.map(
    ([count, name]) => html`
<div><strong>${toCount(count, language)}</strong><span>${name}</span></div>`,
  )}
</section>`
}

/** Something with a heading. */
export function part(heading: string, inner: Html): Html {
  return html`<section><h2>${heading}</h2>${inner}</section>`
}

/** A table that may be wider than the screen is scrolled in its own frame, by keyboard too. */
export function wide(name: string, table: Html): Html {
  return html`<div class="wide" role="region" aria-label="${name}" tabindex="0">${table}</div>`
}

/** Moneys by kind, one row each; nothing is added up across moneys. */
export function supplyTable(moneys: readonly SupplyFacts[], language: Language): Html {
  const words = dashboardWords(language)
  if (moneys.length === 0) return html`<p>${words.noMoney}</p>`
  const heads = [words.minted, words.issued, words.inPlaces, words.elsewhere, words.deposited]
  const table = html`<table>
<thead><tr><th scope="col">${wordsOf(language).asset}</th>${heads.map(
    (head) => html`<th scope="col" class="amount">${head}</th>`,
  )}</tr></thead>
${[...Map.groupBy(moneys, ({ kind }) => kind)].map(
  ([kind, rows]) => html`<tbody>
<tr><th scope="rowgroup" class="kind" colspan="6">${kindWord(kind, language)}</th></tr>${rows.map(
    (row) => supplyRow(row, language),
  )}
</tbody>`,
)}</table>`
  return html`${wide(words.supply, table)}<p>${words.supplyMeans}</p>`
}

function supplyRow(money: SupplyFacts, language: Language): Html {
  const { name, code, kind, issuer, minted, issued, inPlaces, deposited } = money
  // Places and circulation are read one after the other: a payment between them must not show as less than nothing.
  const elsewhere = Math.max(issued - inPlaces, 0)
  const amounts = [minted, issued, inPlaces, elsewhere, deposited]
  return html`
<tr><th scope="row">${name}<small>${issuer ?? wordsOf(language).network}</small></th>${amounts.map(
    (amount) => html`<td class="amount">${toAmount({ kind, code, amount }, language)}</td>`,
  )}</tr>`
}

/** Where the page of a place is. */
export function placePath(id: string): string {
  return `/dashboard/place/${id}/`
}

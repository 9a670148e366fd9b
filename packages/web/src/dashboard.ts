/** The public dashboard of a node: how much of each money there is, and how much is going on. */
import type { DashboardFacts, LineFacts, MonthFacts } from '@fedow/api'
import { toAmount, toCount } from './amount.ts'
import {
  figures,
  part,
  placePath,
  standing,
  supplyTable,
  toDocument,
  wide,
} from './dashboard-parts.ts'
import { actionWord, dashboardWords } from './dashboard-words.ts'
import { type Html, html } from './html.ts'
import { toMoment, toMonth } from './moment.ts'
import { type Language, wordsOf } from './words.ts'

export function dashboardPage(facts: DashboardFacts, language: Language): string {
  const words = dashboardWords(language)
  const { moneys, federations, places, wallets, cards } = facts.counts
  const counts = [
    [moneys, words.moneys],
    [federations, words.federations],
    [places, words.places],
    [wallets, words.wallets],
    [cards, words.cards],
  ] as const
  const main = [
    standing(facts, language),
    figures(counts, language),
    part(words.supply, supplyTable(facts.moneys, language)),
    part(words.busiest, busiest(facts, language)),
    part(words.months, months(facts.months, language)),
    part(words.last, lastLines(facts.last, language)),
  ]
  const { network } = facts
  const links = [{ to: '/', text: words.node }]
  return toDocument({ title: words.dashboard, lead: words.about, links, main, network }, language)
}

function busiest({ busiest: rows }: DashboardFacts, language: Language): Html {
  const words = dashboardWords(language)
  if (rows.length === 0) return html`<p>${words.noPlaceYet}</p>`
  return html`<table>
<thead><tr><th scope="col">${words.place}</th><th scope="col" class="amount">${words.received}</th></tr></thead>
<tbody>${rows.map(
    ({ id, name, received }) => html`
<tr><th scope="row"><a href="${placePath(id)}">${name}</a></th><td class="amount">${toCount(received, language)}</td></tr>`,
  )}</tbody>
</table>`
}

/** The bars repeat what the numbers say: they are for the eye alone. */
function months(rows: readonly MonthFacts[], language: Language): Html {
  const words = dashboardWords(language)
  if (rows.length === 0) return html`<p>${words.noLine}</p>`
  const most = Math.max(...rows.map(({ lines }) => lines), 1)
  return html`<table>
<thead><tr><th scope="col">${words.month}</th><td></td><th scope="col" class="amount">${words.lines}</th></tr></thead>
<tbody>${rows.map(
    ({ month, lines }) => html`
<tr><th scope="row">${toMonth(month, language)}</th>
<td class="bar" aria-hidden="true"><i style="width:${Math.round((100 * lines) / most)}%"></i></td>
<td class="amount">${toCount(lines, language)}</td></tr>`,
  )}</tbody>
</table>`
}

function lastLines(rows: readonly LineFacts[], language: Language): Html {
  const words = dashboardWords(language)
  if (rows.length === 0) return html`<p>${words.noLine}</p>`
  const heads = [words.when, words.what, words.from, words.to, wordsOf(language).asset]
  const table = html`<table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}<th scope="col" class="amount">${words.amount}</th></tr></thead>
<tbody>${rows.map((row) => lineRow(row, language))}</tbody>
</table>`
  return wide(words.last, table)
}

/** Lines that say what a place did, and move nothing. */
const MOVES_NOTHING: ReadonlySet<LineFacts['action']> = new Set(['PRP', 'VOT', 'APL'])

function lineRow({ time, action, from, to, asset, amount }: LineFacts, language: Language): Html {
  const { wallet } = dashboardWords(language)
  const moved = MOVES_NOTHING.has(action)
    ? html`<td></td><td></td><td></td>`
    : html`<td>${to ?? wallet}</td><td>${asset.name}</td>
<td class="amount">${toAmount({ ...asset, amount }, language)}</td>`
  return html`
<tr><td><time datetime="${time}">${toMoment(time, language)}</time></td><td>${actionWord(action, language)}</td>
<td>${from ?? wallet}</td>${moved}</tr>`
}

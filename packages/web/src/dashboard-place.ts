/** What is public of one place: the moneys that it accepts, and whom it is with. */
import type { PlaceFacts } from '@fedow/api'
import { figures, part, placePath, standing, supplyTable, toDocument } from './dashboard-parts.ts'
import { dashboardWords } from './dashboard-words.ts'
import { type Html, html } from './html.ts'
import { kindWord, type Language } from './words.ts'

export function placePage(facts: PlaceFacts, language: Language): string {
  const words = dashboardWords(language)
  const { received, cards, allCards, allWallets } = facts.counts
  const counts = [
    [received, words.received],
    [cards, words.ownCards],
    [allCards, words.allCards],
    [allWallets, words.allWallets],
  ] as const
  const main = [
    standing(facts, language),
    ...(facts.suspended ? [html`<p class="notice">${words.suspended}</p>`] : []),
    figures(counts, language),
    part(words.accepted, supplyTable(facts.moneys, language)),
    ...(facts.others.length > 0 ? [part(words.others, others(facts, language))] : []),
    part(words.federations, federations(facts, language)),
  ]
  const links = [
    { to: '/dashboard/', text: words.dashboard },
    { to: '/', text: words.node },
  ]
  const { name, network } = facts
  return toDocument({ title: name, lead: words.about, links, main, network }, language)
}

function others({ others: rows }: PlaceFacts, language: Language): Html {
  return html`<ul>${rows.map(({ name, kind, issuer }) => {
    const made = issuer === undefined ? '' : ` · ${issuer}`
    return html`<li>${name} (${kindWord(kind, language)})${made}</li>`
  })}</ul>`
}

function federations({ id: own, federations: rows }: PlaceFacts, language: Language): Html {
  if (rows.length === 0) return html`<p>${dashboardWords(language).noFederation}</p>`
  return html`${rows.map(
    ({ name, places }) => html`<h3>${name}</h3>
<ul>${places.map((one) =>
      one.id === own
        ? html`<li>${one.name}</li>`
        : html`<li><a href="${placePath(one.id)}">${one.name}</a></li>`,
    )}</ul>`,
  )}`
}

/** For an address that names no place. */
export function noPlacePage(language: Language): string {
  const words = dashboardWords(language)
  const links = [{ to: '/dashboard/', text: words.toDashboard }]
  const sheet = {
    title: words.unknown,
    lead: words.unknownMeans,
    links,
    main: [],
  }
  return toDocument(sheet, language)
}

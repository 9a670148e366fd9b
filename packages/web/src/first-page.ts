/** What somebody sees who opens the address of a node: where the book stands, who is in it, and where to go on. */
import type { PublicFacts } from '@fedow/api'
import { toAmount } from './amount.ts'
import { type Html, html } from './html.ts'
import { STYLE } from './style.ts'
import { kindWord, type Language, wordsOf } from './words.ts'

/** The page as a whole document. Works without JavaScript and loads nothing. */
export function firstPage(facts: PublicFacts, language: Language): string {
  const words = wordsOf(language)
  const euros = new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' })
  const count = new Intl.NumberFormat(language)
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${facts.network} · Fedow</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${facts.network}</h1><p>${words.title} · ${words.about}</p></header>
<main>
<section class="figures">
${figure(euros.format(facts.fedIssued / 100), words.federatedEuros)}
${figure(count.format(facts.lines), words.lines)}
${figure(count.format(facts.height), words.blocks)}
${figure(count.format(facts.places.length), words.places)}
</section>
<p class="adds">${facts.fedIssued === facts.eurHeld ? words.adds : `${words.differs} ${euros.format(facts.eurHeld / 100)}`}</p>
${attestation(facts, language)}
<section><h2>${words.places}</h2><ul>${facts.places.map(({ name }) => html`<li>${name}</li>`)}</ul></section>
<section><h2>${words.assets}</h2>${assets(facts, language)}</section>
<section><h2>${words.developers}</h2>
<ul>
<li><a href="/api/v2/openapi.json">${words.contract}</a></li>
<li><a href="/api/v2/status">/api/v2/status</a></li>
<li><a href="/api/v2/reserve">/api/v2/reserve</a></li>
<li><a href="/api/v2/blocks">/api/v2/blocks</a></li>
</ul></section>
</main>
<footer><p>${words.lastBlock}: <time datetime="${facts.time}">${facts.time.slice(0, 19).replace('T', ' ')} UTC</time> ·
${words.chain} <code>${facts.chain}</code> · Fedow ${facts.version}</p></footer>
</body>
</html>
`
  return page.text
}

/** Who says that the euros are there. */
function attestation({ attestedUntil }: PublicFacts, language: Language): Html {
  const words = wordsOf(language)
  if (attestedUntil === undefined) return html`<p class="adds">${words.notAttested}</p>`
  const until = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return html`<p class="adds">${words.attestedUntil}
<time datetime="${attestedUntil}">${until.format(new Date(attestedUntil))} UTC</time>.</p>`
}

function figure(value: string, name: string): Html {
  return html`<div><strong>${value}</strong><span>${name}</span></div>`
}

function assets({ assets: rows }: PublicFacts, language: Language): Html {
  const words = wordsOf(language)
  return html`<table>
<thead><tr><th scope="col">${words.asset}</th><th scope="col">${words.kind}</th>
<th scope="col">${words.issuer}</th><th scope="col" class="amount">${words.issued}</th></tr></thead>
<tbody>${rows.map(
    ({ name, code, kind, issuer, issued }) => html`
<tr><th scope="row">${name}</th><td>${kindWord(kind, language)}</td><td>${issuer ?? words.network}</td>
<td class="amount">${toAmount({ kind, code, amount: issued }, language)}</td></tr>`,
  )}</tbody>
</table>`
}

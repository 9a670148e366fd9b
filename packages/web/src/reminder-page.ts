/** The page that a reminder leads to: no more of them, or again. */
import type { ReminderFacts } from '@fedow/api'
import { Html, html } from './html.ts'
import { STYLE } from './style.ts'
import type { Language } from './words.ts'

const fr = {
  title: 'Rappels de fonte',
  subscribed: 'Vous recevez un rappel 30, 7 et 1 jours avant que votre monnaie fonde.',
  unsubscribed: 'Vous ne recevez pas de rappels avant que votre monnaie fonde.',
  stopped: 'C’est fait : vous ne recevrez plus de rappels.',
  begun: 'C’est fait : vous recevrez de nouveau des rappels.',
  rule: 'Cela ne change pas la règle : la monnaie fond de la même façon, avec ou sans rappel.',
  stop: 'Ne plus recevoir de rappels',
  begin: 'Recevoir de nouveau les rappels',
  none: 'Cette adresse n’est celle de personne',
  noneMeans:
    'Le lien est peut-être incomplet, ou ce qu’il désignait a été effacé. Rien n’a changé.',
} as const

const en: Readonly<Record<keyof typeof fr, string>> = {
  title: 'Reminders of melting',
  subscribed: 'You get a reminder 30, 7 and 1 days before your money melts.',
  unsubscribed: 'You get no reminders before your money melts.',
  stopped: 'Done: you will get no more reminders.',
  begun: 'Done: you will get reminders again.',
  rule: 'This does not change the rule: money melts all the same, with or without a reminder.',
  stop: 'No more reminders',
  begin: 'Send me reminders again',
  none: 'This address is nobody’s',
  noneMeans: 'The link may be incomplete, or what it named was erased. Nothing has changed.',
}

const WORDS = { fr, en } as const

const OWN_STYLE = new Html(`
main, header, footer { max-width: 40rem }
button { font: inherit; padding: .6rem 1rem; min-height: 44px; color: var(--text); background: var(--ground); border: 2px solid var(--primary); border-radius: 8px; cursor: pointer }
button:focus-visible { outline: 3px solid var(--primary); outline-offset: 2px }
`)

function toDocument(title: string, main: Html, language: Language): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · Fedow</title>
<style>${STYLE}${OWN_STYLE}</style>
</head>
<body>
<header><h1>${title}</h1></header>
<main>${main}</main>
<footer><p>Fedow</p></footer>
</body>
</html>
`.text
}

/** How reminders stand for somebody, with the button that changes it. */
export function reminderPage({ isSubscribed, done }: ReminderFacts, language: Language): string {
  const words = WORDS[language]
  const standing = isSubscribed ? words.subscribed : words.unsubscribed
  const lead = done === undefined ? standing : words[done]
  const button = isSubscribed
    ? html`<button name="reminders" value="stop">${words.stop}</button>`
    : html`<button name="reminders" value="begin">${words.begin}</button>`
  const main = html`<section aria-live="polite"><p>${lead}</p><p>${words.rule}</p>
<form method="post">${button}</form></section>`
  return toDocument(words.title, main, language)
}

/** For an address that belongs to nobody. */
export function noReminderPage(language: Language): string {
  const words = WORDS[language]
  return toDocument(words.none, html`<section><p>${words.noneMeans}</p></section>`, language)
}

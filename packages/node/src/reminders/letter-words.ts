/** The words of a reminder, in both languages. What is said about money stands here, and nothing else. */
import type { MeltForm, MeltPeriod } from '@fedow/ledger'
import type { ReminderLanguage } from '../store/reminder-choices.ts'

export interface Words {
  readonly locale: string
  subject(amounts: string, day: string): string
  readonly hello: string
  lead(day: string, daysLeft: number): string
  part(amount: string, balance: string, name: string): string
  readonly whyTitle: string
  inactivity(name: string, grace: number, form: string): string
  age(name: string, grace: number, form: string): string
  allDay(name: string): string
  form(
    form: Exclude<MeltForm, { readonly allDay: number }>,
    amount: (minor: bigint) => string,
  ): string
  period(period: MeltPeriod): string
  readonly goesOn: string
  readonly commons: string
  readonly waysTitle: string
  readonly spend: string
  readonly give: string
  readonly refund: string
  readonly noGive: string
  readonly noRefund: string
  readonly stop: string
  readonly rule: string
}

const percent = (locale: string, ppm: number) =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4 }).format(
    ppm / 1_000_000,
  )

const fr: Words = {
  locale: 'fr-FR',
  subject: (amounts, day) => `Rappel : ${amounts} fondent le ${day}`,
  hello: 'Bonjour,',
  lead: (day, daysLeft) =>
    `Si rien ne bouge dans votre portefeuille, ceci fondra ${daysLeft === 1 ? 'demain' : `dans ${daysLeft} jours`}, le ${day} à 0 h 00 (UTC) :`,
  part: (amount, balance, name) => `${amount} sur ${balance} (${name})`,
  whyTitle: 'Pourquoi',
  inactivity: (name, grace, form) =>
    `${name} fond quand elle dort : ${grace === 0 ? 'sans' : `après ${grace} jours sans`} geste de votre part, ${form}. Un geste de votre part, comme un paiement avec votre carte, repousse cette date.`,
  age: (name, grace, form) =>
    `${name} fond quand elle reste longtemps au même endroit : ${grace === 0 ? 'dès son arrivée' : `après ${grace} jours`}, ${form}. Ce que vous dépensez ou donnez avant ne fond pas chez vous.`,
  allDay: (name) =>
    `${name} a une date de fin : ce qui n’est pas dépensé ce jour-là fond en entier.`,
  form: (form, amount) =>
    'ppm' in form ? `${percent('fr-FR', form.ppm)} en fond` : `${amount(form.fixed)} en fondent`,
  period: (period) => {
    if ('days' in period) return period.days === 1 ? 'chaque jour' : `tous les ${period.days} jours`
    if (period.months === 12) return 'chaque année'
    return period.months === 1 ? 'chaque mois' : `tous les ${period.months} mois`
  },
  goesOn:
    'Ensuite, la fonte continue de la même façon tant que rien ne bouge ; il n’y aura pas de rappel avant chacune.',
  commons: 'Ce qui fond revient aux communs, selon la règle de la monnaie.',
  waysTitle: 'Trois façons d’en faire autre chose',
  spend: 'Le dépenser',
  give: 'Le donner',
  refund: 'Être remboursé',
  noGive: ' (pas de personne à personne avec cette monnaie)',
  noRefund: ' (cette monnaie n’est pas remboursée en euros)',
  stop: 'Ne plus recevoir ces rappels',
  rule: 'Arrêter les rappels ne change pas la règle : la monnaie fond de la même façon.',
}

const en: Words = {
  locale: 'en-GB',
  subject: (amounts, day) => `Reminder: ${amounts} will melt on ${day}`,
  hello: 'Hello,',
  lead: (day, daysLeft) =>
    `If nothing moves in your wallet, this will melt ${daysLeft === 1 ? 'tomorrow' : `in ${daysLeft} days`}, on ${day} at 00:00 (UTC):`,
  part: (amount, balance, name) => `${amount} of ${balance} (${name})`,
  whyTitle: 'Why',
  inactivity: (name, grace, form) =>
    `${name} melts when it sleeps: ${grace === 0 ? 'without a' : `after ${grace} days without a`} gesture of yours, ${form}. A gesture of yours, such as a payment with your card, puts this date off.`,
  age: (name, grace, form) =>
    `${name} melts when it stays where it is: ${grace === 0 ? 'from the day it comes' : `after ${grace} days`}, ${form}. What you spend or give before does not melt with you.`,
  allDay: (name) => `${name} has a last day: what is not spent by then melts, all of it.`,
  form: (form, amount) =>
    'ppm' in form
      ? `${percent('en-GB', form.ppm)} of it melts`
      : `${amount(form.fixed)} of it melt`,
  period: (period) => {
    if ('days' in period) return period.days === 1 ? 'every day' : `every ${period.days} days`
    if (period.months === 12) return 'every year'
    return period.months === 1 ? 'every month' : `every ${period.months} months`
  },
  goesOn:
    'After that it goes on melting in the same way as long as nothing moves; there is no reminder before each time.',
  commons: 'What melts goes back to the commons, by the rule of the money.',
  waysTitle: 'Three ways to do something else with it',
  spend: 'Spend it',
  give: 'Give it',
  refund: 'Be refunded',
  noGive: ' (not from person to person with this money)',
  noRefund: ' (this money is not refunded in euros)',
  stop: 'No more of these reminders',
  rule: 'To stop the reminders changes nothing of the rule: the money melts all the same.',
}

export const WORDS: Readonly<Record<ReminderLanguage, Words>> = { fr, en }

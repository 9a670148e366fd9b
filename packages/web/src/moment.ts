import type { Language } from './words.ts'

const LOCALES: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' }

const MOMENT = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
} as const

const MOMENTS = {
  fr: new Intl.DateTimeFormat(LOCALES.fr, MOMENT),
  en: new Intl.DateTimeFormat(LOCALES.en, MOMENT),
}

const MONTH = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const

const MONTHS = {
  fr: new Intl.DateTimeFormat(LOCALES.fr, MONTH),
  en: new Intl.DateTimeFormat(LOCALES.en, MONTH),
}

/** A moment to the minute, in UTC, with the day of the week. */
export function toMoment(iso: string, language: Language): string {
  return MOMENTS[language].format(new Date(iso))
}

/** A month such as `2026-11`, in words. */
export function toMonth(month: string, language: Language): string {
  return MONTHS[language].format(new Date(`${month}-01T00:00:00Z`))
}

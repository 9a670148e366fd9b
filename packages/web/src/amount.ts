import type { Language } from './words.ts'

/** Some of an asset, in minor units. */
export interface Sum {
  readonly kind: string
  readonly code: string
  readonly amount: number
}

const HUNDREDTHS = { minimumFractionDigits: 2, maximumFractionDigits: 2 }

/** Making one costs more than all that a page writes with it. */
const FORMATS = {
  fr: { count: new Intl.NumberFormat('fr'), money: new Intl.NumberFormat('fr', HUNDREDTHS) },
  en: { count: new Intl.NumberFormat('en'), money: new Intl.NumberFormat('en', HUNDREDTHS) },
} as const

/** Hours as h:min, points as pts, moneys with two decimals and their code, presence as nothing. */
export function toAmount({ kind, code, amount }: Sum, language: Language): string {
  if (kind === 'BDG' || kind === 'SUB') return '–'
  if (kind === 'TIM') {
    const minutes = Math.round((amount * 60) / 100)
    const hours = FORMATS[language].count.format(Math.floor(minutes / 60))
    return `${hours} h ${String(minutes % 60).padStart(2, '0')}`
  }
  return `${FORMATS[language].money.format(amount / 100)} ${kind === 'FID' ? 'pts' : code}`
}

/** How many, with the thousands apart. */
export function toCount(count: number, language: Language): string {
  return FORMATS[language].count.format(count)
}

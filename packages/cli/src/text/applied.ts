import type { AnswerOf, postSale } from '@fedow/api'
import { formatAmount } from './amount.ts'

type Applied = AnswerOf<typeof postSale>

/** What a tx moved: `3.50 PKS, 1.00 CAD`. Its lines of one kind only, when that is named. */
export function toMoved({ lines }: Pick<Applied, 'lines'>, action?: string): string {
  const moved = lines.filter((line) => action === undefined || line.action === action)
  return moved.map(({ amount, asset }) => formatAmount(amount, asset)).join(', ') || 'nothing'
}

/** The proof that a person may quote. */
export function toReceipt({ txId, height }: Pick<Applied, 'txId' | 'height'>): string {
  return `tx ${txId}, block ${height}`
}

import { PAGE_MAX, PAGE_USUAL } from '@fedow/api'
import { text } from '../command.ts'
import { Misuse } from '../failure.ts'

/** Which page of a history. */
export const pageValues = {
  limit: text('count', `lines of the page, ${PAGE_USUAL} when absent, ${PAGE_MAX} at most`),
  cursor: text('next', 'the page that follows, as the page before named it'),
}

/** Throws Misuse. */
export function readPageQuery({
  limit,
  cursor,
}: {
  readonly limit: string | undefined
  readonly cursor: string | undefined
}): { limit?: number; cursor?: string } {
  return {
    ...(limit !== undefined && { limit: readLimit(limit) }),
    ...(cursor !== undefined && { cursor }),
  }
}

function readLimit(text: string): number {
  const count = Number(text)
  if (/^\d{1,3}$/.test(text) && count >= 1 && count <= PAGE_MAX) return count
  throw new Misuse(
    `--limit is a whole number from 1 to ${PAGE_MAX}, not "${text}". Nothing was asked.`,
  )
}

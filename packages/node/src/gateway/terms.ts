/** The terms of a policy as requests have them: a day is a date there, and counted from 1970 in the book. */
import { fromIsoDay } from '@fedow/ledger'
import { deny } from './denial.ts'

/** What of the terms of a request is not as in the book. */
export type TermsText = object & {
  readonly demurrage?: { readonly form: object | { readonly allDay: string } }
}

/** Denies with: invalid_request. */
export function toTerms(terms: TermsText): object {
  const { demurrage } = terms
  if (demurrage === undefined || !('allDay' in demurrage.form)) return terms
  const allDay = fromIsoDay(demurrage.form.allDay)
  if (allDay === undefined) {
    const where = '/terms/demurrage/form/allDay'
    deny({ code: 'invalid_request', where, expected: 'a day that exists, from 1970 to 2254' })
  }
  return { ...terms, demurrage: { ...demurrage, form: { allDay } } }
}

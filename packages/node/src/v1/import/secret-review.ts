/** Encrypted columns: whether they open. What is in them is not told. */
import { type FernetKey, openFernet } from './fernet.ts'
import type { Finding, Subjects } from './findings.ts'
import { CONFIGURATION, PLACE, toUuid } from './rows.ts'
import type { V1Database } from './v1-database.ts'

/** Encrypted columns that hold something. */
export interface SecretCount {
  readonly closed: number
  readonly opened: number
}

interface Secret {
  readonly what: string
  readonly text: string | undefined
  readonly subjects: Subjects
}

export function reviewSecrets(
  db: V1Database,
  key: FernetKey | undefined,
): { readonly count: SecretCount; readonly found: readonly Finding[] } {
  const secrets = readSecrets(db).filter(({ text }) => text !== undefined && text !== '')
  const closed = secrets.filter(
    ({ text = '' }) => key === undefined || openFernet(key, text) === undefined,
  )
  const why = key === undefined ? 'No key was given' : 'The key that was given does not open it'
  const found = closed.map(({ what, subjects }): Finding => {
    return { code: 'secret_not_opened', subjects, detail: `${what}. ${why}.` }
  })
  return { count: { closed: closed.length, opened: secrets.length - closed.length }, found }
}

function readSecrets(db: V1Database): readonly Secret[] {
  const places = [...db.rows(PLACE)].map(({ id, name, laboutikKeyClosed: text }) => {
    return { what: `LaBoutik key of ${name}`, text, subjects: { place: toUuid(id) } }
  })
  const own = [...db.rows(CONFIGURATION)].flatMap((row) => [
    { what: 'Key of the Stripe account', text: row.stripeKeyClosed, subjects: {} },
    { what: 'Secret of Stripe’s webhook', text: row.stripeEndpointSecretClosed, subjects: {} },
  ])
  return [...own, ...places]
}

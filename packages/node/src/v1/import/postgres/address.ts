/** The address of a PostgreSQL server, as people give it and as it is shown: without its password. */
import { toPrintable } from '@fedow/api'
import { V1ServerError } from './server-fault.ts'

const SCHEME = /^postgres(?:ql)?:\/\//i

/** Whether it names a PostgreSQL server and not a file. */
export function isPostgresAddress(text: string): boolean {
  return SCHEME.test(text)
}

/**
 * Demands a form that can be understood in one way only. A password whose special characters are not encoded would
 * otherwise pass for the name of a server, and be looked up and shown. Throws V1ServerError.
 */
export function demandAddress(text: string): void {
  // With a name and no server, which a socket in `host` makes right, the standard refuses it.
  const url = URL.parse(text) ?? URL.parse(text.replace('@/', '@socket/'))
  const isPlain = url?.hash === '' && /^\/?[^/@]*$/.test(url.pathname) && !url.search.includes('@')
  if (isPlain) return
  throw new V1ServerError(
    'bad_address',
    'This is no address of a PostgreSQL server. Nothing was read. Write postgresql://NAME@SERVER:5432/DATABASE, and give the password in PGPASSWORD; in an address its special characters are written with a percent sign (@ is %40).',
  )
}

/** Where the library connects, once the environment has filled in what the address leaves open. */
export interface Destination {
  readonly user?: string | undefined
  readonly host: string
  readonly port: number
  readonly database?: string | undefined
}

export function toShown({ user = '', host, port, database = '' }: Destination): string {
  const [name, db, at] = [user, database, host].map(toPrintable)
  if (host.startsWith('/')) return `postgresql://${name}@/${db}?host=${at}`
  return `postgresql://${name}@${host.includes(':') ? `[${at}]` : at}:${port}/${db}`
}

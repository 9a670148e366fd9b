/** Why the tables of v1 are not read from a server, in the words of a person. */
import { toPrintable } from '@fedow/api'

export type V1ServerFault =
  | 'bad_address'
  | 'unreachable'
  | 'not_admitted'
  | 'no_database'
  | 'locked'
  | 'too_slow'
  | 'broken_off'
  | 'server_error'

/** Why nothing was read. The message says what it means and what to do, and never holds a password. */
export class V1ServerError extends Error {
  readonly code: V1ServerFault

  constructor(code: V1ServerFault, message: string) {
    super(message)
    this.code = code
  }
}

/** What was asked of whom when it failed. */
export interface Asked {
  /** The address, without its password. */
  readonly shown: string
  /** Whether the server had already let us in. */
  readonly isConnected: boolean
  /** Whether the server asked for a password and nobody gave one. */
  readonly lacksPassword: boolean
}

const NOTHING = 'Nothing was changed.'

type Words = readonly [code: V1ServerFault, what: string, help: string]

/** The codes of PostgreSQL that have an answer of their own; of the others the class, its first two letters, counts. */
const BY_STATE: Readonly<Record<string, Words>> = {
  '28': [
    'not_admitted',
    'does not let this name in',
    'Name a role that may connect, and give its password in PGPASSWORD.',
  ],
  '3D': ['no_database', 'has no such database', 'psql --list shows those that there are.'],
  '42501': [
    'not_admitted',
    'does not let this name read the tables of v1',
    'Take the role that v1 uses, or GRANT SELECT on its tables.',
  ],
  '55P03': [
    'locked',
    'keeps a table of v1 locked: a migration, a restore or a VACUUM FULL is at work',
    'Wait until it is done, and try again.',
  ],
  '57014': ['too_slow', 'took too long for a part of a table', 'Try again when it has less to do.'],
  '57P03': ['unreachable', 'is starting or stopping', 'Try again in a moment.'],
  '53300': ['unreachable', 'has no connection left', 'Stop what is not needed, and try again.'],
  '57P': ['broken_off', 'was stopped while it was read', 'Try again when it runs.'],
  '40': [
    'broken_off',
    'took the reading back, as a replica does when the changes of its primary wait too long',
    'Try again, or read from the primary.',
  ],
  '08': ['broken_off', 'broke off the connection', 'Try again.'],
}

/** What the library or the server threw, as a V1ServerError; what is none of theirs stays as it is. */
export function toServerFault(cause: unknown, asked: Asked): unknown {
  if (!(cause instanceof Error) || cause instanceof V1ServerError) return cause
  const state = stateOf(cause)
  if (state !== undefined) return ofState(state, cause.message, asked)
  if (asked.isConnected) return faultOf(['broken_off', 'broke off the connection', 'Try again.'])
  if (asked.lacksPassword) {
    const words = 'asks for a password, and none was given'
    return faultOf(['not_admitted', words, 'Give it in PGPASSWORD.'])
  }
  const help = 'Look at its name, its port, and whether it runs and lets this machine connect.'
  return faultOf(['unreachable', `cannot be reached (${detailOf(cause)})`, help])

  function faultOf([code, what, help]: Words): V1ServerError {
    return new V1ServerError(code, `${asked.shown} ${what}. ${NOTHING} ${help}`)
  }
}

/** What the address asks for cannot be had, such as the file of a certificate. */
export function toAddressFault(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause
  const words = `The address cannot be used (${detailOf(cause)})`
  return new V1ServerError('bad_address', `${words}. ${NOTHING} Correct it, and try again.`)
}

function ofState(state: string, message: string, { shown }: Asked): V1ServerError {
  const found = BY_STATE[state] ?? BY_STATE[state.slice(0, 3)] ?? BY_STATE[state.slice(0, 2)]
  const [code, what, help] = found ?? [
    'server_error',
    'could not answer',
    'Mend it there, and try again.',
  ]
  const said = `${toPrintable(message)}, code ${state}`
  return new V1ServerError(code, `${shown} ${what} (${said}). ${NOTHING} ${help}`)
}

/** The five letters of PostgreSQL. Codes of Node's own are longer or begin with E. */
function stateOf(cause: Error): string | undefined {
  const code = codeOf(cause)
  const isState = code !== undefined && 'severity' in cause && /^[0-9A-Z]{5}$/.test(code)
  return isState ? code : undefined
}

function codeOf(cause: Error): string | undefined {
  const { code } = cause as { code?: unknown }
  return typeof code === 'string' ? code : undefined
}

function detailOf(cause: Error): string {
  return toPrintable(cause.message || codeOf(cause) || cause.name)
}

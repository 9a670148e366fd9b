/** Settings of a node: environment variables, or flags of `fedow start` with the same names. */
import { resolve } from 'node:path'

interface Setting<T> {
  readonly usual: string
  readonly what: string
  readonly parse: (text: string) => T | undefined
}

function setting<T>(
  usual: string,
  what: string,
  parse: (text: string) => T | undefined,
): Setting<T> {
  return { usual, what, parse }
}

/** Every setting: its usual value, what it is, and what it must look like. The only list of them. */
export const SETTINGS = {
  FEDOW_DATA: setting('./data', 'the data folder: the book, people.db, the keys', (text) =>
    text === '' ? undefined : resolve(text),
  ),
  FEDOW_PORT: setting('8080', 'the TCP port, 0 for any free one', (text) => {
    const port = Number(text)
    return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : undefined
  }),
  FEDOW_HOST: setting('127.0.0.1', 'the address to listen on; 0.0.0.0 for all', (text) =>
    /^[0-9a-z.:-]{1,255}$/i.test(text) ? text : undefined,
  ),
  FEDOW_DOMAIN: setting('localhost', 'the public host name, as people see it', (text) =>
    /^[0-9a-z](?:[0-9a-z.-]{0,253}[0-9a-z])?(?::\d{1,5})?$/i.test(text) ? text : undefined,
  ),
  FEDOW_ACCEPT_CLOCK: setting(
    'no',
    'yes or no: whether the clock is right although the last block is over 30 days old',
    (text) => (text === 'yes' || text === 'no' ? text === 'yes' : undefined),
  ),
  FEDOW_V1_HANDSHAKE: setting(
    'closed',
    'closed, or how long after the start the first Lespass that asks may get its key, such as 10m or 1h',
    (text) => (text === 'closed' ? 0 : toMs(text)),
  ),
  FEDOW_V1_DEBUG: setting(
    '0',
    '0 or 1: whether the test suites of LaBoutik and Lespass are served',
    (text) => (text === '0' || text === '1' ? text === '1' : undefined),
  ),
  FEDOW_STRIPE_KEY: setting('', 'a secret or restricted key of Stripe, sk_... or rk_...', (text) =>
    text === '' || /^[sr]k_[A-Za-z0-9_]{1,250}$/.test(text) ? text : undefined,
  ),
  FEDOW_STRIPE_WEBHOOK_SECRET: setting(
    '',
    'the secret with which Stripe signs its events, whsec_...',
    (text) => (text === '' || /^[\x21-\x7e]{1,250}$/.test(text) ? text : undefined),
  ),
  FEDOW_STRIPE_API: setting(
    '',
    'another base address of Stripe, for tests, such as http://127.0.0.1:12111',
    (text) => (text === '' || isOrigin(text) ? text : undefined),
  ),
  FEDOW_SMTP_URL: setting(
    '',
    'a mail server, smtp://name:password@host:587 or smtps://name:password@host; none when empty',
    (text) => (text === '' || isMailServer(text) ? text : undefined),
  ),
  FEDOW_MAIL_FROM: setting(
    '',
    'the sender of e-mails, such as fedow@example.org or Fedow <fedow@example.org>',
    (text) => (text === '' || SENDER.test(text) ? text : undefined),
  ),
  FEDOW_LOG: setting('warn', 'how much is logged: silent, error, warn, info or debug', (text) =>
    LOG_LEVELS.find((level) => level === text),
  ),
} as const

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== ''
}

function isMailServer(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return false
  // Escapes that are no text would fail later, with the password in the error.
  const isPlain = !/%(?![0-9a-f]{2})/i.test(`${url.username}${url.password}`)
  return isPlain && url.search === '' && url.hash === '' && /^\/?$/.test(url.pathname)
}

const SENDER =
  /^(?:[^\p{Cc}<>",;:@]{1,100}<[^\s<>",;:@]{1,64}@[^\s<>",;:@]{1,190}>|[^\s<>",;:@]{1,64}@[^\s<>",;:@]{1,190})$/u

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }
/** A door that is open for longer was forgotten. */
const DURATION_MAX_MS = 24 * 3_600_000

function toMs(text: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})([smh])$/.exec(text) ?? []
  const ms = Number(count) * (UNIT_MS[unit] ?? 0)
  return ms > 0 && ms <= DURATION_MAX_MS ? ms : undefined
}

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Config {
  readonly folder: string
  readonly port: number
  readonly host: string
  readonly domain: string
  readonly acceptClock: boolean
  /** How long after the start the root handshake of v1 is open, in milliseconds; 0: never. */
  readonly v1HandshakeMs: number
  /** Serves what the test suites of v1's clients need. */
  readonly isV1Debug: boolean
  readonly stripe: StripeConfig
  /** Undefined: no e-mail is sent. */
  readonly mail: MailConfig | undefined
  readonly logLevel: LogLevel
}

/** Secrets: never logged, never answered. Undefined: not set. */
export interface StripeConfig {
  /** Without it there are no refills with real money. */
  readonly key: string | undefined
  readonly webhookSecret: string | undefined
  readonly api: string | undefined
}

/** How e-mails leave; the address of the server holds its password. */
export interface MailConfig {
  readonly url: string
  /** Their sender. */
  readonly from: string
}

const SECRETS: ReadonlySet<string> = new Set([
  ...['FEDOW_STRIPE_KEY', 'FEDOW_STRIPE_WEBHOOK_SECRET', 'FEDOW_SMTP_URL'],
])

/** A setting has a value that cannot be. */
export class ConfigError extends Error {}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the settings once. Throws ConfigError, which names the setting. */
export function readConfig(environment: Environment = process.env): Config {
  const read = <T>(name: keyof typeof SETTINGS, { usual, what, parse }: Setting<T>): T => {
    const text = environment[name] ?? usual
    const value = parse(text)
    if (value === undefined) {
      const shown = SECRETS.has(name) ? '(not shown)' : `"${text}"`
      throw new ConfigError(`${name}=${shown} is not ${what}.`)
    }
    return value
  }
  return {
    folder: read('FEDOW_DATA', SETTINGS.FEDOW_DATA),
    port: read('FEDOW_PORT', SETTINGS.FEDOW_PORT),
    host: read('FEDOW_HOST', SETTINGS.FEDOW_HOST),
    domain: read('FEDOW_DOMAIN', SETTINGS.FEDOW_DOMAIN),
    acceptClock: read('FEDOW_ACCEPT_CLOCK', SETTINGS.FEDOW_ACCEPT_CLOCK),
    v1HandshakeMs: read('FEDOW_V1_HANDSHAKE', SETTINGS.FEDOW_V1_HANDSHAKE),
    isV1Debug: read('FEDOW_V1_DEBUG', SETTINGS.FEDOW_V1_DEBUG),
    stripe: {
      key: read('FEDOW_STRIPE_KEY', SETTINGS.FEDOW_STRIPE_KEY) || undefined,
      webhookSecret:
        read('FEDOW_STRIPE_WEBHOOK_SECRET', SETTINGS.FEDOW_STRIPE_WEBHOOK_SECRET) || undefined,
      api: read('FEDOW_STRIPE_API', SETTINGS.FEDOW_STRIPE_API) || undefined,
    },
    mail: toMail(
      read('FEDOW_SMTP_URL', SETTINGS.FEDOW_SMTP_URL),
      read('FEDOW_MAIL_FROM', SETTINGS.FEDOW_MAIL_FROM),
    ),
    logLevel: read('FEDOW_LOG', SETTINGS.FEDOW_LOG),
  }
}

function toMail(url: string, from: string): MailConfig | undefined {
  if (url !== '' && from === '') {
    throw new ConfigError(
      `FEDOW_SMTP_URL is set and FEDOW_MAIL_FROM is not: e-mails need a sender.`,
    )
  }
  return url === '' ? undefined : { url, from }
}

/** Letters to a mail server. What it answers is told in codes: its sentences may name people. */
import type { MailConfig } from '../config.ts'
import type { Letter } from './letter.ts'

export interface AddressedLetter extends Letter {
  readonly to: string
  /** The same for the same letter: sent twice, a mailbox may know it. */
  readonly messageId: string
  /** Stops reminders with one request (RFC 8058). */
  readonly stopUrl: string
}

/** `later`: try again. `refused`: this letter never. `off`: nothing can be sent to anybody now. */
export type MailAnswer =
  | { readonly is: 'sent' }
  | { readonly is: 'later' | 'refused' | 'off'; readonly problem: string }

export interface Mail extends Disposable {
  send(letter: AddressedLetter, signal: AbortSignal): Promise<MailAnswer>
}

const WITHIN_MS = 30_000

/** Opens a transport; its library is loaded only where letters are sent. */
export async function openMail({ url, from }: MailConfig): Promise<Mail> {
  const { createTransport } = await import('nodemailer')
  const address = new URL(url)
  const transport = createTransport({
    ...toServer(address),
    // A password, or the address of a person, never leaves in clear for another machine that could do better.
    requireTLS: address.protocol === 'smtp:' && address.username !== '' && !isThisMachine(address),
    ...{ connectionTimeout: WITHIN_MS, greetingTimeout: WITHIN_MS, socketTimeout: WITHIN_MS },
    ...{ dnsTimeout: WITHIN_MS, disableFileAccess: true, disableUrlAccess: true },
  })
  return {
    async send({ to, messageId, stopUrl, ...letter }, signal) {
      try {
        await transport.sendMail({
          ...letter,
          ...{ from, to: { name: '', address: to }, messageId, signal },
          headers: {
            'List-Unsubscribe': `<${stopUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            'Auto-Submitted': 'auto-generated',
          },
        })
        return { is: 'sent' }
      } catch (cause) {
        return toAnswer(cause)
      }
    },
    [Symbol.dispose]: () => transport.close(),
  }
}

function toServer({ protocol, hostname, port, username, password }: URL) {
  const secure = protocol === 'smtps:'
  return {
    secure,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
  }
}

function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

interface SmtpFault {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly permanent?: boolean
}

/** Only what the server says of this letter's reader or words is the letter's fault. */
function toAnswer(cause: unknown): MailAnswer {
  const { code = 'unknown', command = '', responseCode, permanent }: SmtpFault = Object(cause)
  const problem = responseCode === undefined ? `mail_${code.toLowerCase()}` : `smtp_${responseCode}`
  const isOfReader = command.startsWith('RCPT') || (code === 'EENVELOPE' && command === 'API')
  const isOfWords = code === 'EMESSAGE' && command.startsWith('DATA')
  if (!isOfReader && !isOfWords) return { is: 'off', problem }
  return { is: permanent === true || command === 'API' ? 'refused' : 'later', problem }
}

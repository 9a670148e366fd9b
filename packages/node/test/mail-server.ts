/** A mail server on a real socket, for tests: it speaks SMTP (RFC 5321), keeps what it gets, and answers what it is told to. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** Headers in lower case, unfolded. */
  readonly headers: ReadonlyMap<string, string>
  /** The whole message, dots unstuffed. */
  readonly raw: string
}

/** What the server answers to a command instead of what it would. */
export type Answering = (command: string) => string | undefined

export class MailServer implements AsyncDisposable {
  readonly mails: ReceivedMail[] = []
  /** Every command line that it got. */
  readonly commands: string[] = []
  answering: Answering = () => undefined
  /** Called before the answer to a whole message. */
  onMail: (mail: ReceivedMail) => void | Promise<void> = () => {}
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => undefined)
      this.#talk(socket).catch(() => socket.destroy())
    })
  }

  static async open(port = 0): Promise<MailServer> {
    const server = createServer()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return new MailServer(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`
  }

  async #talk(socket: Socket): Promise<void> {
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 mail.example.org ESMTP')
    let envelope = { from: '', to: [] as string[] }
    const lines = toLines(socket)
    for await (const line of lines) {
      this.commands.push(line)
      const told = this.answering(line)
      const [verb = ''] = line.toUpperCase().split(' ')
      if (told !== undefined) {
        say(told)
        if (told.startsWith('421')) return void socket.end()
      } else if (verb === 'EHLO')
        say('250-mail.example.org\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME')
      else if (verb === 'STARTTLS') say('502 5.5.1 no')
      else if (verb === 'AUTH') say('235 2.7.0 yes')
      else if (verb === 'MAIL') {
        envelope = { from: addressOf(line), to: [] }
        say('250 ok')
      } else if (verb === 'RCPT') {
        envelope.to.push(addressOf(line))
        say('250 ok')
      } else if (verb === 'DATA') {
        say('354 go on')
        const mail = toMail(envelope, await untilDot(lines))
        await this.onMail(mail)
        const refused = this.answering('.')
        if (refused === undefined) this.mails.push(mail)
        say(refused ?? '250 taken')
      } else if (verb === 'QUIT') {
        say('221 bye')
        return void socket.end()
      } else say('250 ok')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function addressOf(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}

async function* toLines(socket: Socket): AsyncGenerator<string> {
  let rest = ''
  socket.setEncoding('utf8')
  for await (const part of socket) {
    rest += String(part)
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end)
      rest = rest.slice(end + 2)
      yield line
    }
  }
}

async function untilDot(lines: AsyncGenerator<string>): Promise<readonly string[]> {
  const found: string[] = []
  for (;;) {
    const { value, done } = await lines.next()
    if (done === true || value === '.') return found
    found.push(value.startsWith('.') ? value.slice(1) : value)
  }
}

function toMail(
  { from, to }: Pick<ReceivedMail, 'from' | 'to'>,
  lines: readonly string[],
): ReceivedMail {
  const raw = lines.join('\r\n')
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  const headers = new Map<string, string>()
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { from, to, headers, raw }
}

/** The plain text of a mail, as its reader sees it. */
export function plainText({ raw }: ReceivedMail): string {
  const part = raw
    .split(/\r\n--[^\r\n]+(?:\r\n|$)/)
    .find((one) => /content-type: text\/plain/i.test(one))
  if (part === undefined) throw new Error('the mail has no plain text')
  const at = part.indexOf('\r\n\r\n')
  const [head, body] = [part.slice(0, at), part.slice(at + 4)]
  if (/content-transfer-encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString()
  if (!/content-transfer-encoding: quoted-printable/i.test(head)) return body
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

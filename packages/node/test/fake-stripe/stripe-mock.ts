/** Stripe's own published stand-in: it keeps nothing, and knows every shape. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

const MOCK = 'github.com/stripe/stripe-mock@v0.203.0'
const SAYS = /Listening for HTTP at address: (\S+)/

export interface StripeMock extends AsyncDisposable {
  readonly origin: string
}

/** Builds and starts it; throws with the reason when this machine cannot. */
export async function startStripeMock(): Promise<StripeMock> {
  if (spawnSync('go', ['version']).status !== 0) throw new MockUnavailable('Go is not installed.')
  const folder = mkdtempSync(join(tmpdir(), 'fedow-stripe-mock-'))
  const drop = () => rmSync(folder, { recursive: true, force: true })
  const complaint = await install(folder)
  if (complaint !== '') {
    drop()
    throw new MockUnavailable(`Go could not install ${MOCK}: ${complaint}`)
  }
  // Told no address, it listens for HTTPS on all of them.
  const program = spawn(
    join(folder, 'stripe-mock'),
    ['-http-addr', '127.0.0.1:0', '-https-addr', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(program, 'close')
  const origin = await addressOf(program.stdout)
  program.stdout.resume()
  return {
    origin,
    async [Symbol.asyncDispose]() {
      program.kill()
      await ended
      drop()
    },
  }
}

/** Puts the program into the folder; answers what Go complains about. */
async function install(folder: string): Promise<string> {
  const env = { ...process.env, GOBIN: folder }
  const program = spawn('go', ['install', MOCK], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const [said, [code]] = await Promise.all([text(program.stderr), once(program, 'close')])
  return code === 0 ? '' : said.trim()
}

async function addressOf(said: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: said })) {
    const address = SAYS.exec(line)?.[1]
    if (address) return `http://${address}`
  }
  throw new Error('stripe-mock ended before it listened.')
}

/** Why the shapes cannot be compared on this machine. */
export class MockUnavailable extends Error {}

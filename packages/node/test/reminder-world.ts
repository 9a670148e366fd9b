/** A bar whose money melts, persons who sleep, and a clock that the test moves, for tests of reminders. */
import { inspect } from 'node:util'
import { openWallet } from '@fedow/api'
import {
  type Action,
  type Amount,
  type AssetId,
  DAY_MS,
  type Demurrage,
  dayOf,
  type PlaceId,
  type WalletId,
} from '@fedow/ledger'
import { startServer, type TestServer, type V1Wishes } from './http-server.ts'
import { newId, TestNetwork } from './test-network.ts'

/** Melts 1 % every 30 days after 60 days without a gesture. */
export const TERMS: Demurrage = {
  basis: 'inactivity',
  graceDays: 60,
  period: { days: 30 },
  form: { ppm: 10_000 },
  floor: 0n as Amount,
  exempt: ['place', 'fund'],
  shares: { node: 333_333, commons: 333_334, maintenance: 333_333, burnt: 0 },
}

/** The morning of the first day. */
export const START_MS = Date.parse('2026-01-01T10:00:00Z')

export interface Money {
  readonly code: string
  readonly kind?: 'TLF' | 'TNF' | 'TIM'
  readonly terms?: Demurrage
}

export class ReminderWorld implements AsyncDisposable {
  readonly network: TestNetwork
  readonly place = newId<PlaceId>()
  readonly placeWallet = newId<WalletId>()
  nowMs = START_MS
  /** What the node was warned of: it may name nobody. */
  readonly warnings: string[] = []
  server!: TestServer
  #wishes: V1Wishes = {}

  private constructor() {
    this.network = new TestNetwork(START_MS)
  }

  static async open(reminders: V1Wishes['reminders'] = {}): Promise<ReminderWorld> {
    const world = new ReminderWorld()
    await world.start(reminders)
    const { place, placeWallet: wallet, network } = world
    const node = network.genesis.genesis.node.id
    await world.submit({ kind: 'place-open', place, wallet, name: 'Bar du Port', node })
    return world
  }

  /** Starts the node on the folder; after `stop`, it finds what it left. */
  async start(reminders: V1Wishes['reminders'] = {}): Promise<void> {
    const warn = (what: string, facts: object) => {
      this.warnings.push(`${what} ${JSON.stringify(facts)}`)
    }
    const clocks = { wall: () => this.nowMs, monotonic: () => this.nowMs }
    this.#wishes = { clocks, network: this.network, reminders: { warn, ...reminders } }
    this.server = await startServer(undefined, this.#wishes)
  }

  async stop(): Promise<void> {
    await this.server[Symbol.asyncDispose]()
  }

  async submit(...actions: readonly Action[]): Promise<void> {
    const signed = this.network.sign(actions, { notAfter: this.nowMs + 300_000 })
    const submission = await this.server.engine.submit(signed)
    if (submission.status !== 'decided' || submission.outcome.status !== 'applied') {
      throw new Error(inspect(submission, { depth: 5 }))
    }
  }

  async money({ code, kind = 'TLF', terms = TERMS }: Money): Promise<AssetId> {
    const asset = newId<AssetId>()
    const { place } = this
    const policy = {
      personToPerson: kind !== 'TNF',
      spendAt: { accepted: true },
      refund: kind === 'TLF' ? 'issuer' : 'never',
      ...{ limits: {}, dayStartUtcMinutes: 0, demurrage: terms },
    } as const
    const name = `Monnaie ${code}`
    await this.submit({
      kind: 'asset-create',
      asset,
      place,
      assetKind: kind,
      name,
      code,
      terms: policy,
    })
    return asset
  }

  /** Somebody with an address. */
  async person(email?: string): Promise<WalletId> {
    const { wallet } = await this.server.operator.call(openWallet, { body: {} })
    if (email !== undefined) this.server.reminders.change(wallet, { email: { address: email } })
    return wallet
  }

  /** Money from the place, which is no gesture of who gets it. */
  refill(wallet: WalletId, asset: AssetId, amount: bigint): Promise<void> {
    return this.submit({ kind: 'refill', asset, to: { wallet }, amount: amount as Amount })
  }

  /** A gesture of the holder. */
  pay(from: WalletId, asset: AssetId, amount: bigint): Promise<void> {
    const parts = [{ asset, amount: amount as Amount }]
    return this.submit({ kind: 'qr-sale', from, to: this.place, parts })
  }

  /** Money from somebody else: no gesture of the receiver. */
  give(from: WalletId, to: WalletId, asset: AssetId, amount: bigint): Promise<void> {
    return this.submit({ kind: 'transfer', from, to, asset, amount: amount as Amount })
  }

  /** Moves the clock to a morning, lets what is due happen, and waits until it is sealed. */
  async day(text: string): Promise<void> {
    const timeMs = Date.parse(`${text}T10:00:00Z`)
    if (timeMs < this.nowMs) throw new Error('time goes on')
    this.nowMs = timeMs
    await this.seal()
  }

  /** Closes the running block by the clock, and waits until it is sealed. */
  async seal(): Promise<void> {
    const { book, engine } = this.server
    const open = { kind: 'place-update', place: this.place, name: 'Bar du Port' } as const
    await this.submit(open)
    const { height } = book.reader.tip()
    this.nowMs += 1_000
    await this.submit(open)
    for await (const block of engine.blocks(height)) if (block.height >= height) return
  }

  /** One round of the job, on a day. */
  async round(text?: string): Promise<void> {
    if (text !== undefined) await this.day(text)
    await this.server.reminders.round()
  }

  /** What is in the outbox, oldest first, short. */
  outbox(): readonly string[] {
    return this.server.reminders
      .page({ limit: 1_000 })
      .toReversed()
      .map(({ dueDay, step, state, parts }) => {
        const amounts = parts.map(([, amount]) => amount).join('+')
        return `${dayText(dueDay)} -${step} ${amounts} ${state}`
      })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    this.network[Symbol.dispose]()
  }
}

export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

export function dayNamed(text: string): number {
  return dayOf(Date.parse(`${text}T00:00:00Z`))
}

/** Lespass hears of each membership that a till sold: once it can, and never at the cost of the till. */
import { join } from 'node:path'
import type { Action, Amount, AssetId, BatchId, CardId, Hex32, LineId } from '@fedow/ledger'
import { afterEach, describe, expect, it } from 'vitest'
import { SoloEngine } from '../src/engine/solo/solo-engine.ts'
import { Book } from '../src/store/book.ts'
import { MembershipNotices, NOTICE_PACE_USUAL } from '../src/v1/membership-notice.ts'
import { openV1Store } from '../src/v1/store/v1-store.ts'
import { newBar, newId, TestNetwork } from './test-network.ts'

const PACE = { ...NOTICE_PACE_USUAL, retryMs: 0 }

/** A bar with memberships and two cards, of which the first opens its till. */
class Venue implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack()
  readonly network = this.#stack.use(new TestNetwork())
  readonly store = this.#stack.use(openV1Store(join(this.network.folder, 'v1.db')))
  readonly book = this.#stack.use(
    new Book({ folder: this.network.folder, genesis: this.network.genesis }),
  )
  readonly engine = this.#stack.adopt(
    new SoloEngine({
      book: this.book,
      checkpointKey: this.network.keys.checkpoint,
      onFatal: (cause) => console.error(cause),
    }),
    (engine) => engine.close(),
  )
  readonly bar = newBar(2)
  readonly membership = newId<AssetId>()

  async open(lespassDomain: string | null): Promise<this> {
    const { place, wallet, cards } = this.bar
    const [till] = cards as readonly [CardId]
    const node = this.network.genesis.genesis.node.id
    const batch = newId<BatchId>()
    const root = 'a'.repeat(64) as Hex32
    const facts = { batch, place, generation: 1, root, count: 2, offset: 0, level: 'L0' } as const
    const { membership: asset } = this
    await this.order([
      { kind: 'place-open', place, wallet, name: `Bar ${place}`, node },
      { kind: 'asset-create', asset, place, assetKind: 'SUB', name: 'Adhésion', code: 'ADH' },
      { kind: 'cards-register', ...facts, cards },
      { kind: 'card-primary', place, cards: [till], primary: true },
    ])
    this.store.places.put(place, { lespassDomain })
    return this
  }

  async order(actions: readonly Action[]): Promise<LineId> {
    const submission = await this.engine.submit(this.network.sign(actions))
    if (submission.status !== 'decided' || submission.outcome.status !== 'applied') {
      throw new Error(JSON.stringify(submission))
    }
    return submission.outcome.lines[0]?.id as LineId
  }

  /** Sells a membership at the till; without its card, as an online one. */
  sell(options: { readonly isOnline?: boolean } = {}): Promise<LineId> {
    const { place, cards } = this.bar
    const [till, card] = cards as readonly [CardId, CardId]
    const primary = options.isOnline ? {} : { primary: till }
    const facts = { place, to: { card }, asset: this.membership, startMs: Date.now(), ...primary }
    return this.order([{ kind: 'subscribe', ...facts, amount: 2_000n as Amount }])
  }

  /** Tells Lespass with this `fetch`, until it is disposed. */
  notices(lespass: Lespass, now = () => Date.now()): MembershipNotices {
    const { book, engine, store } = this
    const parts = { book: book.reader, engine, store, now, pace: PACE, fetch: lespass.fetch }
    const onFault = (cause: unknown) => console.error(cause)
    const notices = new MembershipNotices({ ...parts, onFault })
    notices.begin()
    return notices
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

type Answer = Response | 'no answer'

/** What Lespass was asked, and what it answers in turn. */
class Lespass {
  readonly asked: string[] = []
  readonly #answers: Answer[]
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = []

  constructor(...answers: Answer[]) {
    this.#answers = answers
  }

  readonly fetch: typeof fetch = async (input) => {
    this.asked.push(String(input))
    for (const { count, resolve } of this.#waiting) if (this.asked.length >= count) resolve()
    const answer = this.#answers.shift() ?? new Response('{}', { status: 201 })
    if (answer === 'no answer') throw new TypeError('fetch failed')
    return answer
  }

  /** Resolves with the asking of so many. */
  heard(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (this.asked.length >= count) resolve()
    else this.#waiting.push({ count, resolve })
    return promise
  }
}

let venue: Venue

afterEach(() => venue[Symbol.asyncDispose]())

describe('the notice of a membership', () => {
  it('asks the address of Lespass with the id of the line, without a final slash', async () => {
    venue = await new Venue().open('bar.example.org')
    const id = await venue.sell()
    const lespass = new Lespass()
    await using _ = venue.notices(lespass)
    await lespass.heard(1)
    expect(lespass.asked).toEqual([`https://bar.example.org/fwh/membership/${id}`])
  })

  it('follows the book while it grows, and leaves out what was sold online', async () => {
    venue = await new Venue().open('bar.example.org')
    const lespass = new Lespass()
    await using _ = venue.notices(lespass)
    await venue.sell({ isOnline: true })
    const first = await venue.sell()
    const second = await venue.sell()
    await lespass.heard(2)
    expect(lespass.asked).toEqual([
      `https://bar.example.org/fwh/membership/${first}`,
      `https://bar.example.org/fwh/membership/${second}`,
    ])
  })

  it('follows a redirection to the slashed address, none to another host', async () => {
    venue = await new Venue().open('bar.example.org')
    const id = await venue.sell()
    const address = `https://bar.example.org/fwh/membership/${id}`
    const moved = (location: string) => new Response(null, { status: 301, headers: { location } })
    const lespass = new Lespass(
      moved('https://127.0.0.1/admin'),
      moved(`/fwh/membership/${id}/`),
      new Response('{}', { status: 208 }),
    )
    await using _ = venue.notices(lespass)
    await lespass.heard(3)
    expect(lespass.asked).toEqual([address, address, `${address}/`])
  })

  it('tries again after a failure and after no answer, the others meanwhile', async () => {
    venue = await new Venue().open('bar.example.org')
    const first = await venue.sell()
    const second = await venue.sell()
    const lespass = new Lespass(
      new Response('', { status: 500 }),
      'no answer',
      new Response('', { status: 404 }),
    )
    await using _ = venue.notices(lespass)
    await lespass.heard(5)
    const told = lespass.asked.map((url) => url.split('/').at(-1))
    expect(told).toEqual([first, second, first, second, first])
  })

  it('tells after a restart what was not told, and nothing that was', async () => {
    venue = await new Venue().open('bar.example.org')
    await venue.sell()
    const good = new Lespass()
    await using first = venue.notices(good)
    await good.heard(1)
    await first[Symbol.asyncDispose]()
    const second = await venue.sell()
    const silent = new Lespass(...Array.from({ length: 50 }, (): Answer => 'no answer'))
    await using stopped = venue.notices(silent)
    await silent.heard(1)
    await stopped[Symbol.asyncDispose]()
    const third = await venue.sell()
    const again = new Lespass()
    await using _ = venue.notices(again)
    await again.heard(2)
    expect(again.asked.map((url) => url.split('/').at(-1))).toEqual([second, third])
  })

  it('gives up three days after the sale', async () => {
    venue = await new Venue().open('bar.example.org')
    await venue.sell()
    const late = new Lespass()
    await using _ = venue.notices(late, () => Date.now() + 3 * 86_400_000 + 60_000)
    // What is to be told is asked for at once.
    expect(late.asked).toEqual([])
    const early = new Lespass()
    await using __ = venue.notices(early)
    expect(early.asked).toHaveLength(1)
  })
})

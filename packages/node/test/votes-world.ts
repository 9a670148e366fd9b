/** Four places that vote with keys of their own, on a clock that the test moves. */
import { changeKeys, getStatus, openPlace, openWallet, postTx } from '@fedow/api'
import {
  type Action,
  type Amount,
  type AssetId,
  type Choice,
  type Demurrage,
  nobleHash,
  type PlaceId,
  type ProposalId,
  SHARES_USUAL,
  toHex,
  toUtf8,
  type WalletId,
  type What,
} from '@fedow/ledger'
import { SigningKey } from '../src/store/key-file.ts'
import { startServer, type TestServer } from './http-server.ts'
import { newId } from './test-network.ts'

export const DAY_MS = 86_400_000

export interface Venue {
  readonly place: PlaceId
  readonly wallet: WalletId
  readonly name: string
  /** Of a person who answers for it: no node has it. */
  readonly key: SigningKey
}

export class VotesWorld implements AsyncDisposable {
  nowMs = Date.parse('2026-11-23T09:00:00Z')
  #server: TestServer | undefined
  readonly venues: Venue[] = []

  static async open(): Promise<VotesWorld> {
    const world = new VotesWorld()
    const clocks = { wall: () => world.nowMs, monotonic: () => world.nowMs }
    world.#server = await startServer(undefined, { clocks })
    for (const name of ['Bar', 'Fair', 'Shop', 'Hall']) world.venues.push(await world.#venue(name))
    return world
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error('the world is open')
    return this.#server
  }

  get funds() {
    const [commons, maintenance] = this.server.network.genesis.genesis.funds
    if (commons === undefined || maintenance === undefined) throw new Error('there are funds')
    return { commons: commons.wallet, maintenance: maintenance.wallet }
  }

  async #venue(name: string): Promise<Venue> {
    const { operator } = this.server
    const { place, wallet } = await operator.call(openPlace, { body: { name } })
    const key = SigningKey.generate()
    const add = [{ x: key.x, can: ['admin' as const] }]
    await operator.call(changeKeys, { body: { on: `place/${place}`, add } })
    return { place, wallet, name, key }
  }

  venue(index: number): Venue {
    const found = this.venues[index]
    if (found === undefined) throw new Error(`there is no place ${index}`)
    return found
  }

  /** The operator admits the first places. */
  async found(count = 4): Promise<void> {
    for (const { place } of this.venues.slice(0, count)) await this.admit(place)
  }

  admit(place: PlaceId) {
    return this.submit({ kind: 'place-admit', place }, this.server.network.keys.operator)
  }

  /** Signs one action and brings it to the node, as a program of a person does. */
  submit(action: Action, key: SigningKey) {
    const notAfter = this.nowMs + 60_000
    const { jws } = this.server.network.sign([action], { key, notAfter })
    return this.server.anyone.call(postTx, { body: { tx: jws } })
  }

  async propose(by: Venue, what: What, text = 'Why we ask.'): Promise<ProposalId> {
    const proposal = newId<ProposalId>()
    const hash = toHex(nobleHash(toUtf8(text))) as Extract<Action, { kind: 'propose' }>['text']
    const action: Action = { kind: 'propose', proposal, place: by.place, what, text: hash }
    await this.submit(action, by.key)
    return proposal
  }

  vote(by: Venue, proposal: ProposalId, choice: Choice) {
    return this.submit({ kind: 'vote', proposal, place: by.place, choice }, by.key)
  }

  /** Money that melts by a tenth each month, and what a person has of it. */
  async meltingMoney(exempt: Demurrage['exempt']): Promise<{ asset: AssetId; person: WalletId }> {
    const { place, key } = this.venue(0)
    const asset = newId<AssetId>()
    const demurrage: Demurrage = {
      ...{ basis: 'inactivity', graceDays: 0, period: { months: 1 }, form: { ppm: 100_000 } },
      ...{ floor: 0n as Amount, exempt, shares: SHARES_USUAL },
    }
    const name = `Cadeau (${exempt.join()})`
    await this.submit(
      {
        ...{ kind: 'asset-create', asset, place, assetKind: 'TNF', name, code: 'CAD' },
        terms: {
          ...{ personToPerson: false, spendAt: { accepted: true }, refund: 'never', limits: {} },
          ...{ dayStartUtcMinutes: 0, demurrage },
        },
      },
      key,
    )
    const { wallet: person } = await this.server.operator.call(openWallet, { body: {} })
    await this.give(asset, person, 100_000n)
    return { asset, person }
  }

  give(asset: AssetId, wallet: WalletId, amount: bigint) {
    const action: Action = { kind: 'refill', asset, to: { wallet }, amount: amount as Amount }
    return this.submit(action, this.venue(0).key)
  }

  /** Lets days go by; whatever falls due meanwhile happens at the opening of the next block. */
  async pass(days: number): Promise<void> {
    this.nowMs += days * DAY_MS
    await this.server.operator.call(openWallet, { body: {} })
    await this.server.anyone.call(getStatus, {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
  }
}

/** A life that is told, lived in a book: each errand one tx, through the gateway of the node in this process. */
import {
  acceptInvitation,
  type Client,
  inviteToFederation,
  openPlace,
  ProblemError,
  postTx,
  setPrimaryCards,
} from '@fedow/api'
import { encodePayload, toSigningInput } from '@fedow/ledger'
import { Denied, type OwnTx, type RunningNode } from '@fedow/node'
import { allFederations } from '../../book/pages.ts'
import { Refused } from '../../failure.ts'
import { RAFFINERIE } from '../cast.ts'
import { placeStep } from '../federation.ts'
import { importOnce } from '../import-once.ts'
import { DemoStopped, Script } from '../script.ts'
import type { VirtualClock } from '../virtual-clock.ts'
import { toAction } from './actions.ts'
import type { BookIds } from './book-ids.ts'
import type { CardOrder } from './card-stock.ts'
import type { Deed, Errand } from './deed.ts'
import type { LifeDay, NewPlace } from './life.ts'
import type { ManagerKeys } from './manager-keys.ts'

/** Errands under way at most: below what the queue of the engine holds. */
const AT_A_TIME = 2_000
const OFFICE_HOURS_MS = 7 * 3_600_000
const STEP_MS = 60_000
const FEDERATION = 'Archipel'
const VALID_MS = 300_000

export interface LivingOptions {
  readonly node: RunningNode
  readonly client: Client
  readonly clock: VirtualClock
  readonly ids: BookIds
  readonly managers: ManagerKeys
  readonly stop: AbortSignal
}

export class Living {
  readonly #options: LivingOptions
  readonly #script: Script

  constructor(options: LivingOptions) {
    this.#options = options
    const { client, node, stop, clock } = options
    const onStep = () => clock.pass(STEP_MS)
    this.#script = new Script({ client, chain: node.chain, stop, onStep })
  }

  /** Lives a day. What the book has of it already is answered again. Throws DemoStopped, Refused. */
  async live({ day, newPlaces, orders, moments }: LifeDay): Promise<void> {
    const { clock, stop } = this.#options
    clock.moveTo(day.startMs + OFFICE_HOURS_MS)
    for (const order of orders) await this.#order(order)
    for (const place of newPlaces) await this.#open(place)
    for (const { timeMs, errands } of moments) {
      if (stop.aborted) throw new DemoStopped()
      clock.moveTo(timeMs)
      for (let start = 0; start < errands.length; start += AT_A_TIME) {
        const some = errands.slice(start, start + AT_A_TIME)
        await Promise.all(some.map((errand) => this.#run(errand)))
      }
    }
  }

  /** Learns the ids of a day that the book has already. */
  async recall({ newPlaces, orders }: Pick<LifeDay, 'newPlaces' | 'orders'>): Promise<void> {
    const { ids } = this.#options
    for (const { tags } of orders) await ids.readCards(tags)
    for (const { name, primaries } of newPlaces) ids.addPrimaries(name, primaries)
  }

  async #order({ place, generation, tags, file }: CardOrder): Promise<void> {
    const { client, ids, stop } = this.#options
    const order = { place: ids.place(place), generation, fileName: `${place} ${generation}.csv` }
    await importOnce(client, { ...order, file: Buffer.from(file), stop })
    await ids.readCards(tags)
  }

  async #open({ name, primaries }: NewPlace): Promise<void> {
    const { client, ids } = this.#options
    const script = this.#script
    const { place } = await script.step(placeStep(name), openPlace, { body: { name } })
    const federation = (await allFederations(client)).find((one) => one.name === FEDERATION)
    if (federation === undefined) throw new Error(`There is no federation ${FEDERATION}.`)
    const params = { federation: federation.id }
    const inviting = { params, body: { place: ids.place(RAFFINERIE), invited: place } }
    await script.step(`invite ${name} to ${FEDERATION}`, inviteToFederation, inviting)
    const joining = { params, body: { place } }
    await script.step(`accept ${name} in ${FEDERATION}`, acceptInvitation, joining)
    const body = { place, cards: [...primaries], primary: true }
    await script.step(`primary cards of ${name}`, setPrimaryCards, { body })
    await ids.readPlaces()
    ids.addPrimaries(name, primaries)
  }

  async #run({ name, deeds, isRefused }: Errand): Promise<void> {
    const { ids } = this.#options
    const [first] = deeds
    if (first?.kind === 'propose' || first?.kind === 'vote') {
      return await this.#runAsManager(first.place, { name, deeds })
    }
    const actions = deeds.map((deed) => toAction(deed, ids))
    const id = this.#script.idOf(name)
    const submission = await this.#submit(name, { id, actions, ...signerOf(deeds) })
    if (submission.status !== 'decided') throw new Refused(submission.detail)
    const { outcome } = submission
    if ((outcome.status === 'rejected') === isRefused) return
    const why =
      outcome.status === 'rejected' ? `refuses it: ${outcome.rejection.code}` : 'allows it'
    throw new Refused(
      `The demonstration cannot go on: "${name}" is not as the story has it, the book ${why}. Begin a new one in an empty folder.`,
    )
  }

  /** Signed by the manager's own key: the node only carries it. What a motion asks for depends on the day on which it was put. */
  async #runAsManager(place: string, { name, deeds }: Pick<Errand, 'name' | 'deeds'>) {
    if (await this.isDone(name)) return
    const { client, clock, ids, managers, node } = this.#options
    const actions = deeds.map((deed) => toAction(deed, ids))
    const notAfter = clock.wall() + VALID_MS
    const id = this.#script.idOf(name)
    const json = encodePayload({ chain: node.chain, id, actions, notAfter })
    const key = managers.of(place)
    const input = toSigningInput(key.kid, json)
    try {
      await client.call(postTx, { body: { tx: `${input}.${key.sign(input)}` } })
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause
      throw new Refused(
        `The demonstration cannot go on: what ${place} decides is refused, "${name}": ${cause.problem.detail}`,
      )
    }
  }

  async #submit(name: string, tx: Parameters<RunningNode['submitOwn']>[0]) {
    try {
      return await this.#options.node.submitOwn(tx)
    } catch (cause) {
      if (!(cause instanceof Denied)) throw cause
      throw new Refused(
        `The demonstration cannot go on: the book has something else under the name of "${name}", as when another version began it. Begin a new one in an empty folder.`,
      )
    }
  }

  /** True when the book has the tx of an errand. */
  isDone(name: string): Promise<boolean> {
    return this.#script.isDone(name)
  }
}

/** Whose key of the folder signs; the node's own when nothing is said. */
function signerOf(deeds: readonly Deed[]): Pick<OwnTx, 'signer'> {
  if (deeds.some(({ kind }) => kind === 'issue' || kind === 'payout')) return { signer: 'keeper' }
  return deeds.some(({ kind }) => kind === 'admit') ? { signer: 'operator' } : {}
}

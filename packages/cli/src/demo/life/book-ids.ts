/** The ids that the names and tags of a life have in one book. */
import { type Client, getCard, getStatus } from '@fedow/api'
import {
  type AssetId,
  assert,
  type CardId,
  deriveId,
  nobleHash,
  ONLY,
  type PlaceId,
  type ProposalId,
  type StateReader,
  type WalletId,
} from '@fedow/ledger'
import { allAssets, allPlaces } from '../../book/pages.ts'
import type { Ids } from './actions.ts'
import { FED } from './deed.ts'
import type { ManagerKeys } from './manager-keys.ts'

/** Look-ups that run at a time. */
const LANES = 16

export class BookIds implements Ids {
  readonly node: Ids['node']
  readonly #client: Client
  readonly #chain: Uint8Array
  readonly #primaries: Map<string, readonly string[]>
  readonly #places = new Map<string, { readonly id: PlaceId; readonly wallet: WalletId }>()
  readonly #assets = new Map<string, AssetId>()
  readonly #cards = new Map<string, CardId>()
  readonly #persons = new Map<number, WalletId>()
  readonly #managers: ManagerKeys
  readonly #state: StateReader

  private constructor(client: Client, about: Opening) {
    this.#client = client
    this.#chain = Uint8Array.fromHex(about.chain)
    this.node = about.node
    this.#primaries = new Map(about.primaries)
    this.#managers = about.managers
    this.#state = about.state
  }

  /** Reads what a book has now; the cards of tills are those of `primaries`. */
  static async read(
    client: Client,
    of: Pick<Opening, 'primaries' | 'managers' | 'state'>,
  ): Promise<BookIds> {
    const { chain, node, fed } = await client.call(getStatus, {})
    const ids = new BookIds(client, { ...of, chain, node: node.id })
    await ids.readPlaces()
    for (const { name, id } of await allAssets(client)) ids.#assets.set(name, id)
    ids.#assets.set(FED, fed.asset)
    await ids.readCards([...of.primaries.values()].flat())
    return ids
  }

  async readPlaces(): Promise<void> {
    for (const { name, id, wallet } of await allPlaces(this.#client)) {
      this.#places.set(name, { id, wallet })
    }
  }

  async readCards(tags: readonly string[]): Promise<void> {
    const rest = tags.values()
    const lane = async (): Promise<void> => {
      for (const tag of rest) {
        const { card } = await this.#client.call(getCard, { params: { card: tag } })
        this.#cards.set(tag, card)
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }

  /** The cards that open the tills of a new place. */
  addPrimaries(place: string, tags: readonly string[]): void {
    this.#primaries.set(place, tags)
  }

  readonly place: Ids['place'] = (name) => known(this.#places, name).id
  readonly wallet: Ids['wallet'] = (place) => known(this.#places, place).wallet
  readonly asset: Ids['asset'] = (name) => known(this.#assets, name)
  readonly card: Ids['card'] = (tag) => known(this.#cards, tag)

  readonly person: Ids['person'] = (number) => {
    const wallet =
      this.#persons.get(number) ??
      deriveId<WalletId>(nobleHash, 'demo', this.#chain, `wallet of person ${number}`)
    this.#persons.set(number, wallet)
    return wallet
  }

  readonly manager: Ids['manager'] = (place) => this.#managers.of(place).x

  readonly proposal: Ids['proposal'] = (motion) =>
    deriveId<ProposalId>(nobleHash, 'demo', this.#chain, `motion ${motion}`)

  get commons(): Ids['commons'] {
    const wallet = this.#state.get('params', ONLY)?.commons
    assert(wallet !== undefined, 'the network of a demonstration has its funds')
    const account = `${wallet}/${this.asset(FED)}`
    return { wallet, cents: () => Number(this.#state.get('account', account)?.balance ?? 0n) }
  }

  readonly till: Ids['till'] = (place, card) => {
    const tags = known(this.#primaries, place)
    return this.card(tags[Number.parseInt(card.slice(-2), 16) % tags.length] ?? '')
  }
}

interface Opening {
  readonly managers: ManagerKeys
  /** The records of the book as they are now. */
  readonly state: StateReader
  readonly chain: string
  readonly node: Ids['node']
  readonly primaries: ReadonlyMap<string, readonly string[]>
}

function known<K, T>(of: ReadonlyMap<K, T>, name: K): T {
  const found = of.get(name)
  if (found !== undefined) return found
  throw new Error(`The demonstration has nothing of the name "${name}" in its book.`)
}

/** Names of wallets for people: places by name, what holds money for a person or card by the end of its id. */
import { type Client, getReserve, getWallet, listFunds } from '@fedow/api'
import {
  type AssetId,
  issuanceWalletId,
  nobleHash,
  reserveWalletId,
  type WalletId,
} from '@fedow/ledger'
import { allAssets, allPlaces } from './pages.ts'

/** What a wallet is, and its name or the end of its id. */
export interface WalletName {
  readonly kind: string
  readonly name: string
}

/** The last 8 digits: the first ones of a new id are the time, the same for all that were made together. */
export function toShortId(id: string): string {
  return id.slice(-8)
}

export class WalletNames {
  readonly #client: Client
  readonly #known: Map<WalletId, WalletName>

  private constructor(client: Client, known: Map<WalletId, WalletName>) {
    this.#client = client
    this.#known = known
  }

  static async read(client: Client): Promise<WalletNames> {
    const [places, assets, reserve, { funds }] = await Promise.all([
      allPlaces(client),
      allAssets(client),
      client.call(getReserve, {}),
      client.call(listFunds, {}),
    ])
    const known = new Map<WalletId, WalletName>()
    for (const { wallet, name } of places) known.set(wallet, { kind: 'place', name })
    for (const { id, name } of assets) {
      known.set(issuanceWalletId(nobleHash, id as AssetId), { kind: 'issuance', name })
    }
    for (const { name } of reserve.accounts) {
      known.set(reserveWalletId(nobleHash, name), { kind: 'reserve', name })
    }
    for (const { wallet, name } of funds) known.set(wallet, { kind: 'fund', name })
    return new WalletNames(client, known)
  }

  /** Tells the name of a wallet that no list has, as the issuance of euros. */
  learn(wallet: WalletId, name: WalletName): void {
    this.#known.set(wallet, name)
  }

  /** Looked up once for each wallet. */
  async of(wallet: WalletId): Promise<WalletName> {
    const known = this.#known.get(wallet)
    if (known !== undefined) return known
    const { kind } = await this.#client.call(getWallet, { params: { wallet } })
    const name = { kind, name: toShortId(wallet) }
    this.#known.set(wallet, name)
    return name
  }

  /** For a history: `Bar du Port`, or `card …1a2b3c4d`. */
  async label(wallet: WalletId): Promise<string> {
    const { kind, name } = await this.of(wallet)
    if (kind === 'place' || kind === 'reserve') return name
    if (kind === 'fund') return `fund ${name}`
    return kind === 'issuance' ? `issue of ${name}` : `${kind} …${name}`
  }
}

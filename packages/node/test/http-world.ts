/** A bar with its own money, gifts and cards, opened through the API as an operator and a manager would. */
import {
  type AnswerOf,
  type BodyOf,
  type CallInput,
  type Client,
  createAsset,
  importCards,
  openPlace,
  ProblemError,
  postIssue,
  postRefill,
  type Route,
} from '@fedow/api'
import type { AssetId, PlaceId, WalletId } from '@fedow/ledger'
import { makeCardFile } from './card-file-maker.ts'
import type { TestServer } from './http-server.ts'

export interface World {
  readonly place: PlaceId
  readonly wallet: WalletId
  /** Local money. */
  readonly local: AssetId
  /** Offered money. */
  readonly gift: AssetId
  /** Cards by their tags. */
  readonly tags: readonly string[]
  /** What the same cards have printed, and in their QR code. */
  readonly numbers: readonly string[]
  readonly qrs: readonly string[]
  /** A key of the place that may do everything there. */
  readonly manager: Client & { readonly id: string; readonly key: string }
}

let seed = 0

export async function openBar(server: TestServer, name = 'Bar du Port'): Promise<World> {
  const { operator } = server
  const { place, wallet } = await operator.call(openPlace, { body: { name } })
  const manager = await server.withKey({
    name: 'Manager',
    place,
    can: ['read', 'sell', 'cards', 'issue', 'assets', 'federate', 'spend'],
  })
  const assets = [
    { kind: 'TLF', name: `Perle ${name}`, code: 'PRL' },
    { kind: 'TNF', name: `Cadeau ${name}`, code: 'CAD' },
  ] as const
  const [local, gift] = await Promise.all(
    assets.map(async (asset) => {
      const made = await manager.call(createAsset, { body: { place, ...asset } })
      return made.asset
    }),
  )
  if (local === undefined || gift === undefined) throw new Error('the assets were made')
  seed += 1
  const cards = makeCardFile({ seed, count: 4, tagBytes: 7 })
  const body = { place, generation: 1, file: cards.toBase64(), apply: true }
  const report = await manager.call(importCards, { body })
  if (report.registered !== 4) throw new Error(JSON.stringify(report))
  const rows = new TextDecoder()
    .decode(cards)
    .trim()
    .split('\n')
    .map((row) => row.split(','))
  const column = (index: number) => rows.map((row) => row[index] ?? '')
  return {
    place,
    wallet,
    local,
    gift,
    qrs: column(0),
    numbers: column(1),
    tags: column(2),
    manager,
  }
}

/** Puts money on a card: federated euros too, which only the operator issues. */
export async function putMoney(
  server: TestServer,
  { manager, local, gift }: World,
  on: {
    readonly card: string
    readonly local?: number
    readonly gift?: number
    readonly fed?: number
  },
): Promise<void> {
  const { card } = on
  if (on.local) await manager.call(postRefill, { body: { asset: local, card, amount: on.local } })
  if (on.gift) await manager.call(postRefill, { body: { asset: gift, card, amount: on.gift } })
  if (on.fed) await server.operator.call(postIssue, { body: { card, evidence: payment(on.fed) } })
}

let payments = 0

/** A payment nobody has seen before. */
export function payment(gross: number): BodyOf<typeof postIssue>['evidence'] {
  payments += 1
  return { account: 'bank/main', reference: `transfer ${payments}`, gross, fee: 0, net: gross }
}

/** The problem that a call is answered with. Fails when it succeeds. */
export async function problemOf<R extends Route>(
  client: Client,
  route: R,
  input: CallInput<R>,
): Promise<ProblemError['problem']> {
  let answer: AnswerOf<R>
  try {
    answer = await client.call(route, input)
  } catch (cause) {
    if (cause instanceof ProblemError) return cause.problem
    throw cause
  }
  throw new Error(`expected a problem, got ${JSON.stringify(answer)}`)
}

/** The first chapter: places, assets, federations, card orders, primary cards. */
import {
  acceptInvitation,
  type BodyOf,
  createAsset,
  createFederation,
  inviteToFederation,
  openPlace,
  setPrimaryCards,
  shareAsset,
} from '@fedow/api'
import type { AssetId, FederationId, PlaceId, WalletId } from '@fedow/ledger'
import { Refused } from '../failure.ts'
import type { Cast } from './cast.ts'
import { importOnce } from './import-once.ts'
import type { Script } from './script.ts'
import { placeAssets, readCardFile, type Story } from './story.ts'

/** What was founded, by name. */
export interface Founded {
  readonly place: (name: string) => PlaceId
  readonly placeWallet: (name: string) => WalletId
  readonly asset: (name: string) => AssetId
}

export async function found(script: Script, story: Story): Promise<Founded> {
  const places = new Map<string, { readonly place: PlaceId; readonly wallet: WalletId }>()
  const assets = new Map<string, AssetId>()
  for (const { name } of story.places) {
    places.set(name, await script.step(placeStep(name), openPlace, { body: { name } }))
  }
  const founded: Founded = {
    place: (name) => known(places, name).place,
    placeWallet: (name) => known(places, name).wallet,
    asset: (name) => known(assets, name),
  }
  for (const { name, kind, code, issuer } of placeAssets(story)) {
    const terms = kind === 'MVO' && { terms: MEAL_TERMS }
    const body = { place: founded.place(issuer), kind, name, code, ...terms }
    assets.set(name, (await script.step(`asset ${name}`, createAsset, { body })).asset)
  }
  await federate(script, story, founded)
  return founded
}

/** From Monday to Friday, days being those of Reunion, and 19.00 a day. */
const MEAL_TERMS: NonNullable<BodyOf<typeof createAsset>['terms']> = {
  personToPerson: false,
  spendAt: { accepted: true },
  refund: 'never',
  limits: {},
  dayStartUtcMinutes: 1_200,
  days: [0, 1, 2, 3, 4],
  dayCap: 1_900,
}

/** The very first step, by which a book is known as one of a demonstration. */
export function placeStep(name: string): string {
  return `place ${name}`
}

function known<T>(of: ReadonlyMap<string, T>, name: string): T {
  const found = of.get(name)
  if (found !== undefined) return found
  throw new Refused(`demo/federation.json does not name "${name}". The demonstration cannot go on.`)
}

async function federate(
  script: Script,
  { federations }: Story,
  { place, asset }: Founded,
): Promise<void> {
  for (const { name, places, assets } of federations) {
    const [first = '', ...others] = places
    const founding = { body: { name, place: place(first) } }
    const { federation } = await script.step(`federation ${name}`, createFederation, founding)
    const params: { federation: FederationId } = { federation }
    for (const other of others) {
      const body = { place: place(first), invited: place(other) }
      await script.step(`invite ${other} to ${name}`, inviteToFederation, { params, body })
      const joining = { params, body: { place: place(other) } }
      await script.step(`accept ${other} in ${name}`, acceptInvitation, joining)
    }
    for (const shared of assets) {
      const sharing = { params, body: { asset: asset(shared) } }
      await script.step(`share ${shared} in ${name}`, shareAsset, sharing)
    }
  }
}

/** Both card orders, and the cards that open tills. */
export async function printCards(
  script: Script,
  story: Story,
  {
    founded,
    cast,
    stop,
  }: { readonly founded: Founded; readonly cast: Cast; readonly stop: AbortSignal },
): Promise<void> {
  for (const { name, cards, generation = 1 } of story.places) {
    if (cards === undefined) continue
    const order = { place: founded.place(name), generation, fileName: cards }
    await importOnce(script.client, { ...order, file: readCardFile(cards), stop })
  }
  for (const [name, cards] of cast.primaries) {
    const body = { place: founded.place(name), cards: [...cards], primary: true }
    await script.step(`primary cards of ${name}`, setPrimaryCards, { body })
  }
}

/** Places, assets and federations as people name them: by id, or by a name that only one of them has. */
import {
  type AnswerOf,
  type Client,
  type getAsset,
  type getFederation,
  type getPlace,
  listFunds,
} from '@fedow/api'
import { type Id, parseId, type WalletId } from '@fedow/ledger'
import { Misuse, Refused } from '../failure.ts'
import { allAssets, allFederations, allPlaces } from './pages.ts'

export type PlaceView = AnswerOf<typeof getPlace>
export type AssetView = AnswerOf<typeof getAsset>
export type FederationView = AnswerOf<typeof getFederation>

interface Named {
  readonly id: string
  readonly name: string
  readonly code?: string
}

/** The place of this id or name. */
export async function placeNamed(client: Client, text: string): Promise<PlaceView> {
  return pick('place', text, await allPlaces(client))
}

/** The asset of this id, name or code. */
export async function assetNamed(client: Client, text: string): Promise<AssetView> {
  return pick('asset', text, await allAssets(client))
}

/** The federation of this id or name. */
export async function federationNamed(client: Client, text: string): Promise<FederationView> {
  return pick('federation', text, await allFederations(client))
}

/** The wallet of this id, or of the place of this name. */
export async function walletNamed(client: Client, text: string): Promise<WalletId> {
  return parseId<WalletId>(text.toLowerCase()) ?? (await placeNamed(client, text)).wallet
}

/** The wallet of the fund of this id or name. */
export async function fundNamed(client: Client, text: string): Promise<WalletId> {
  return pick('fund', text, await allFunds(client)).id
}

/** The wallet of a place or a fund: by its id, by the id or name of the place, by the name of the fund. */
export async function receiverNamed(client: Client, text: string): Promise<WalletId> {
  const id = parseId<WalletId>(text.toLowerCase())
  const places = await allPlaces(client)
  if (id !== undefined) return places.find((place) => place.id === text.toLowerCase())?.wallet ?? id
  const funds = await allFunds(client)
  const wallets = places.map(({ name, wallet }) => ({ id: wallet, name }))
  return pick('wallet', text, [...funds, ...wallets]).id
}

async function allFunds(client: Client) {
  const { funds } = await client.call(listFunds, {})
  return funds.map(({ wallet, name }) => ({ id: wallet, name }))
}

/** The only one that is meant. Throws Misuse with the list when several are, Refused when none is. */
function pick<T extends Named>(what: string, text: string, all: readonly T[]): T {
  const found = candidates(text, all)
  const [one, ...more] = found
  if (one !== undefined && more.length === 0) return one
  const list = (of: readonly Named[]): string => of.map(toRow).join('\n')
  if (one !== undefined) {
    throw new Misuse(
      `"${text}" may be any of these; name one by its id. Nothing was sent.\n${list(found)}`,
    )
  }
  const others =
    all.length === 0 ? `There is no ${what} yet.` : `There are:\n${list(all.slice(0, 20))}`
  throw new Refused(`No ${what} is called "${text}". Nothing was sent. ${others}`, {
    code: `${what}_not_found`,
  })
}

/** By id, else by exact name or code, else with the same letters in any case and without accents. */
function candidates<T extends Named>(text: string, all: readonly T[]): readonly T[] {
  const id = parseId<Id<string>>(text.toLowerCase())
  if (id !== undefined) return all.filter((one) => one.id === id)
  const exact = all.filter(({ name, code }) => name === text || code === text)
  if (exact.length > 0) return exact
  const plain = toPlain(text)
  return all.filter(({ name, code = '' }) => toPlain(name) === plain || toPlain(code) === plain)
}

function toPlain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim()
}

function toRow({ id, name, code }: Named): string {
  return `  ${id}  ${name}${code === undefined ? '' : ` (${code})`}`
}

import type { Client } from '@fedow/api'
import {
  listAssets,
  listFederations,
  listOffers,
  listPlaces,
  listProposals,
  PAGE_MAX,
} from '@fedow/api'
import type { BallotStatus, PlaceId } from '@fedow/ledger'

interface Page<T> {
  readonly rows: readonly T[]
  readonly next?: string | undefined
}

async function everyPage<T>(page: (after: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  let after: string | undefined
  do {
    const { rows, next } = await page(after)
    all.push(...rows)
    after = next
  } while (after !== undefined)
  return all
}

function from(after: string | undefined) {
  return { limit: PAGE_MAX, ...(after !== undefined && { after }) }
}

export function allPlaces(client: Client) {
  return everyPage(async (after) => {
    const { places, next } = await client.call(listPlaces, { query: from(after) })
    return { rows: places, next }
  })
}

/** Every asset, or those that a place accepts. */
export function allAssets(client: Client, place?: PlaceId) {
  return everyPage(async (after) => {
    const query = { ...from(after), ...(place !== undefined && { place }) }
    const { assets, next } = await client.call(listAssets, { query })
    return { rows: assets, next }
  })
}

export function allFederations(client: Client) {
  return everyPage(async (after) => {
    const { federations, next } = await client.call(listFederations, { query: from(after) })
    return { rows: federations, next }
  })
}

/** Every offer, or those of a place. */
export function allOffers(client: Client, place?: PlaceId) {
  return everyPage(async (after) => {
    const query = { ...from(after), ...(place !== undefined && { place }) }
    const { offers, next } = await client.call(listOffers, { query })
    return { rows: offers, next }
  })
}

/** Every proposal, or those with a status. */
export function allProposals(client: Client, status?: BallotStatus) {
  return everyPage(async (after) => {
    const query = { ...from(after), ...(status !== undefined && { status }) }
    const { proposals, next } = await client.call(listProposals, { query })
    return { rows: proposals, next }
  })
}

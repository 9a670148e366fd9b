/** What v1's clients know and the book does not: all of it, in one go, before the book is written. */
import type { V1Store } from '../store/v1-store.ts'
import type { FernetKey } from './fernet.ts'
import { fillPast } from './past-fill.ts'
import {
  fillCheckouts,
  fillKeys,
  fillPeople,
  fillPlaces,
  fillTokens,
  walletsOfPeople,
} from './registry-fill.ts'
import { writePrimaryKey, writeStripeKeys } from './secret-fill.ts'
import type { V1Database } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

export interface StoreFillMeans {
  /** A new one. */
  readonly store: V1Store
  readonly world: V1World
  readonly nowMs: number
  /** Of the data folder. */
  readonly keyFolder: string
  /** Opens the keys of Stripe. */
  readonly fernetKey?: FernetKey | undefined
  /** Aborted: the reason is thrown, and the store keeps nothing. */
  readonly stop?: AbortSignal | undefined
  /** Called for each line. */
  readonly onLine?: (() => void) | undefined
}

/** Fills the store, all or nothing, and writes the files of keys. */
export async function fillV1Store(db: V1Database, means: StoreFillMeans): Promise<void> {
  const { store, keyFolder } = means
  await store.allOrNothing(async () => {
    const people = walletsOfPeople(db)
    fillPeople(db, store)
    fillPlaces(db, { store, people })
    fillKeys(db, { ...means, people })
    fillTokens(db, store)
    fillCheckouts(db, { store, people })
    await fillPast(db, means)
  })
  writePrimaryKey(db, means)
  writeStripeKeys(db, { keyFolder, fernetKey: means.fernetKey })
}

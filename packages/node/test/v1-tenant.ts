/** A place as Lespass has it, for tests of what Lespass does. */
import type { WalletId } from '@fedow/ledger'
import type { Lespass, V1Response, V1TestPerson } from './v1-clients.ts'
import type { TestPlace, V1World } from './v1-world.ts'

export interface Tenant {
  readonly place: TestPlace
  /** Of the place, here and at Lespass. */
  readonly admin: V1TestPerson & { readonly wallet: WalletId }
  readonly lespass: Lespass
}

export async function openTenant(world: V1World): Promise<Tenant> {
  const place = await world.openPlace()
  const admin = await world.person()
  return { place, admin, lespass: world.lespass(place, { admin: admin.wallet }) }
}

/** What a request is answered with, and what the very same request is answered with after that. */
export async function twice(
  send: () => Promise<V1Response>,
): Promise<readonly [first: V1Response, second: V1Response]> {
  return [await send(), await send()]
}

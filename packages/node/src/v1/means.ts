/** What every route of v1 works with. */
import type { Gateway } from '../gateway/gateway.ts'
import type { Means } from '../gateway/means.ts'
import type { PaymentDoors } from '../payments/doors.ts'
import type { CardDirectory } from '../store/card-directory.ts'
import type { V1Objects } from './objects/objects.ts'
import type { V1Intake } from './store/intake.ts'
import type { V1Store } from './store/v1-store.ts'

export interface V1Settings {
  /** The public host name of this node, with its port where there is one. */
  readonly domain: string
  /** Until when the first caller may do the root handshake, in milliseconds since 1970; undefined: closed. */
  readonly handshakeUntilMs: number | undefined
  /** Serves what the test suites of the clients need, and nothing else should. */
  readonly isDebug: boolean
}

export interface V1Means extends Omit<Means, 'directory'> {
  readonly directory: CardDirectory
  readonly gateway: Gateway
  readonly store: V1Store
  readonly intake: V1Intake
  readonly objects: V1Objects
  readonly payments: PaymentDoors
  readonly settings: V1Settings
  /** So many random bytes, of the kind that keys are made of. */
  readonly random: (count: number) => Uint8Array
  /** The public key of the primary wallet, as PEM. */
  readonly publicPem: () => Promise<string>
}

/**
 * Rewards and gifts: Lespass credits a person with money of the place. It retries with the same keys in its metadata,
 * freshly signed, until it has an answer: each key gives its reward once.
 */
import type { Action, Amount, AssetId, Line, LineId } from '@fedow/ledger'
import { Turns } from '../../gateway/turns.ts'
import { amount, check, json, key, readFields } from '../codec/fields.ts'
import { unknownKey } from '../codec/messages.ts'
import { refuseField } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'
import type { RewardKey } from '../store/rewards.ts'
import { linesOf } from './ordered.ts'
import { assetKey, lineShown } from './request-parts.ts'
import { type KeyText, type Metadata, metadataFault, onceKeys, stripeKeys } from './reward-keys.ts'

type Call = PlaceCall & WalletCall

interface Reward {
  readonly asset: AssetId
  readonly amount: bigint
  readonly metadata: Metadata
}

function readReward({ means, place, wallet, body }: Call): Reward {
  const own = means.book.state.get('place', place)?.wallet
  const isPlace = (id: string) => (id === own ? undefined : 'Sender must be the place')
  const isSigner = (id: string) =>
    id === wallet ? undefined : 'receiver must be the signed wallet'
  const { metadata, ...asked } = readFields(body, {
    sender: check(key(), isPlace),
    receiver: check(key(), isSigner),
    asset: assetKey(means.book),
    amount: amount(),
    metadata: check(json(), metadataFault),
  })
  return { ...asked, metadata: metadata as Metadata }
}

/** A key is looked up and noted with nobody between. */
const turns = new Turns()

function giveReward(call: Call): Promise<V1Answer> {
  const { means, place } = call
  const reward = readReward(call)
  return turns.take(place, async () => {
    const isKnown = call.id !== undefined && means.book.tx(call.id) !== undefined
    const earlier = isKnown ? undefined : earlierLine(call, reward)
    if (earlier !== undefined) {
      const body = means.objects.transaction(earlier, { place, at: earlier.number })
      return { status: 201, body }
    }
    const stored = await call.order(() => rewardActions(call, reward))
    return { status: 201, body: lineShown(call, stored) }
  })
}

/** The line of the reward that one of the keys has given. Refuses a key that was for another one. */
function earlierLine(call: Call, { asset, amount, metadata }: Reward): Line | undefined {
  for (const key of onceKeys(metadata)) {
    const line = lineOf(call, key)
    if (line === undefined) continue
    const isSame = line.asset === asset && line.to === call.wallet && line.amount === amount
    if (!isSame) refuseField('metadata', `${key.name} Already reported`)
    return line
  }
  return undefined
}

/** The line of a key that reached its wallet: of a tx here the second, after that of the creation. */
function lineOf({ means, place }: Call, key: KeyText): Line | undefined {
  const id = means.store.rewards.find({ place, ...key })
  if (id === undefined) return undefined
  const stored = means.book.tx(id)
  // What was brought over from v1 has lines without a tx.
  return stored ? linesOf(stored).at(-1) : means.book.lineById(id as string as LineId)
}

function rewardActions(call: Call, { asset, amount, metadata }: Reward): readonly Action[] {
  const { means, place, wallet, id } = call
  demandOwnMoney(call, asset)
  const stripe = stripeKeys(metadata)
  for (const key of stripe) {
    if (lineOf(call, key)) refuseField('metadata', `${key.name} Already reported`)
  }
  const keys = [...onceKeys(metadata), ...stripe].map((key): RewardKey => ({ place, ...key }))
  if (id !== undefined) means.store.rewards.note(keys, id)
  return [{ kind: 'refill', asset, to: { wallet }, amount: amount as Amount }]
}

const LOCAL = ['TLF', 'TNF', 'TIM', 'FID']

function demandOwnMoney({ means, place }: Call, asset: AssetId): void {
  const { kind = '', issuer, archived = true } = means.book.state.get('asset', asset) ?? {}
  if (archived) refuseField('asset', unknownKey(asset))
  if (!LOCAL.includes(kind)) refuseField('asset', 'Asset type must be LOCAL')
  if (issuer !== place) refuseField('asset', 'Asset must be from the place')
}

export const rewardRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/transaction/refill_from_lespass_to_user_wallet/',
    access: 'place-and-wallet',
    answer: giveReward,
  }),
]

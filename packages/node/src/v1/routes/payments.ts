/** Payments that Lespass makes for a person: memberships bought online, QR payments. Rewards are in rewards.ts. */
import type { Action, AssetId } from '@fedow/ledger'
import {
  amount,
  check,
  choice,
  json,
  key,
  nullable,
  optional,
  readFields,
  text,
} from '../codec/fields.ts'
import { notFound } from '../codec/messages.ts'
import { refuseField, refuseWithDetail } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'
import { fiatOf, PARTS_MAX, type Part, toParts } from './fiat.ts'
import { linesOf } from './ordered.ts'
import { rewardRoutes } from './rewards.ts'
import { writeTransaction } from './transactions.ts'

const NOT_POSITIVE = 'Amount cannot be negative nor zero'
const TOO_MUCH = 'Amount cannot exceed the total amount'

function payByQrFields({ means, place, wallet }: PlaceCall & WalletCall) {
  const own = means.book.state.get('place', place)?.wallet
  const isSigner = (id: string) => (id === wallet ? undefined : 'Sender must be the signed wallet')
  const isPlace = (id: string) =>
    id === own ? undefined : 'Receiver must be the same as the place'
  const isPositive = (cents: bigint) => (cents > 0n ? undefined : NOT_POSITIVE)
  return {
    sender: check(key(), isSigner),
    receiver: check(key(), isPlace),
    asset_type: choice(['EURO', 'GIFT']),
    amount: check(amount({ negative: NOT_POSITIVE }), isPositive),
    comment: optional(nullable(text())),
    metadata: optional(nullable(json())),
  }
}

/** A person pays the place from their telephone, out of local moneys first and of federated euros last. */
async function payByQr(call: PlaceCall & WalletCall): Promise<V1Answer> {
  const { means, place, wallet } = call
  const asked = readFields(call.body, payByQrFields(call))
  const stored = await call.order(() => {
    const payer = { place, wallet, timeMs: means.now() }
    const moneys = asked.asset_type === 'EURO' ? fiatOf(means.book, payer) : []
    return saleActions(call, toParts(moneys, asked.amount) ?? refuseField('amount', TOO_MUCH))
  })
  const lines = linesOf(stored).filter(({ action }) => action === 'QRS')
  const at = lines.at(-1)?.number ?? 0
  return { status: 201, body: lines.map((line) => means.objects.transaction(line, { place, at })) }
}

/** One sale, or several when there are more moneys than one can have. */
function saleActions(
  { place, wallet }: PlaceCall & WalletCall,
  parts: readonly Part[],
): readonly Action[] {
  const sales = Array.from({ length: Math.ceil(parts.length / PARTS_MAX) }, (_, index) =>
    parts.slice(index * PARTS_MAX, (index + 1) * PARTS_MAX),
  )
  return sales.map((some) => ({ kind: 'qr-sale', from: wallet, to: place, parts: some }))
}

/** A membership that the person paid for online. */
async function createMembership(call: PlaceCall & WalletCall): Promise<V1Answer> {
  const { means, place, wallet, body } = call
  const { asset } = readFields(body, { asset: key<AssetId>() })
  const isMembership = means.book.state.get('asset', asset)?.kind === 'SUB'
  if (!isMembership) return refuseWithDetail(404, notFound('Asset'))
  return writeTransaction(call, {
    place,
    body,
    demand: ({ sender, receiver }) => {
      if (sender !== means.book.state.get('place', place)?.wallet) {
        refuseField('sender', 'Sender must be the place')
      }
      if (receiver !== wallet) refuseField('receiver', 'receiver must be the signed wallet')
    },
  })
}

export const paymentRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/transaction/create_membership/',
    access: 'place-and-wallet',
    answer: createMembership,
  }),
  route({
    method: 'POST',
    path: '/transaction/qrcodescanpay/',
    access: 'place-and-wallet',
    answer: payByQr,
  }),
  ...rewardRoutes,
]

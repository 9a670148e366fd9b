/** The second chapter: members, refills, an evening of sales, and the day after. */
import {
  linkCard,
  openWallet,
  postBadge,
  postDeposit,
  postIssue,
  postRefill,
  postRefund,
  postSale,
  postSubscription,
  postTransfer,
  replaceCard,
  reportCardLost,
} from '@fedow/api'
import { type AssetId, nobleHash, toHex, toUtf8, type WalletId } from '@fedow/ledger'
import {
  BADGE,
  BAR,
  type Cast,
  FESTIVAL,
  type Gesture,
  GIFT,
  type Guest,
  HOURS,
  LOCAL,
  MEMBERSHIP,
  type Member,
  POINTS,
  RAFFINERIE,
} from './cast.ts'
import type { Founded } from './federation.ts'
import type { Script } from './script.ts'

export interface Scene {
  readonly script: Script
  readonly founded: Founded
  readonly cast: Cast
  /** The federated euro. */
  readonly fed: AssetId
  /** ISO 8601; the same at every start, as the same step must ask for the same. */
  readonly since: string
}

export const FEE_OF_20 = 35
const MEMBERSHIP_PRICE = 1_200
/** On the card to try with. */
export const TRYOUT_FED = 5_000
export const TRYOUT_PARTS = [
  [LOCAL, 2_000],
  [GIFT, 500],
  [HOURS, 300],
] as const
/** The very last step: who finds it in the book knows that nothing is missing before it. */
export const LAST_STEP = 'the festival pays the bar'

export async function playEvening(scene: Scene): Promise<void> {
  const { script, cast } = scene
  const wallets: WalletId[] = []
  await script.each(cast.members, async (member, index) => {
    wallets[index] = await joinWithCard(scene, member)
  })
  await script.each([...cast.members, ...cast.guests], (guest) => spend(scene, guest))
  await fillTryout(scene)
  await script.each(cast.members, (member) => afterwards(scene, member))
  await refundGuests(scene)
  await loseCard(scene, { member: cast.members.at(-1), wallet: wallets.at(-1) })
  await settle(scene)
}

/** A wallet, the card linked to it, a refill online, and what the places add. */
async function joinWithCard({ script, founded }: Scene, member: Member): Promise<WalletId> {
  const { tag, fed, local, hours } = member
  const { wallet } = await script.step(`wallet of ${tag}`, openWallet, { body: {} })
  await script.step(`link ${tag}`, linkCard, { params: { card: tag }, body: { wallet } })
  const evidence = {
    account: 'provider/demo',
    reference: `Made-up card payment for ${tag}`,
    gross: fed,
    fee: FEE_OF_20,
    net: fed - FEE_OF_20,
  }
  await script.step(`euros of ${tag}`, postIssue, { body: { wallet, evidence } })
  for (const [name, amount] of [
    [LOCAL, local],
    [HOURS, hours],
  ] as const) {
    if (amount === 0) continue
    const body = { asset: founded.asset(name), card: tag, amount }
    await script.step(`${name} of ${tag}`, postRefill, { body })
  }
  return wallet
}

async function spend(scene: Scene, guest: Guest | Member): Promise<void> {
  const { script, founded } = scene
  const { tag, fed, gift, gestures } = guest
  if (!('joins' in guest)) {
    const reference = `Made-up payment in cash for ${tag}`
    const evidence = { account: 'transit/desk', reference, gross: fed, fee: 0, net: fed }
    await script.step(`euros of ${tag}`, postIssue, { body: { card: tag, evidence } })
  }
  if (gift > 0) {
    const body = { asset: founded.asset(GIFT), card: tag, amount: gift }
    await script.step(`gift of ${tag}`, postRefill, { body })
  }
  for (const [index, gesture] of gestures.entries()) {
    await atTill(scene, { tag, gesture, name: `gesture ${index} of ${tag}` })
  }
}

/** A cup that comes back is paid in gift money: a sale has no negative price, and only its issuer makes money. */
async function atTill(
  { script, founded, cast }: Scene,
  {
    tag,
    gesture,
    name,
  }: { readonly tag: string; readonly gesture: Gesture; readonly name: string },
): Promise<void> {
  const tillOf = (place: string) => {
    const cards = cast.primaries.get(place) ?? []
    const card = cards[Number.parseInt(tag.slice(-2), 16) % cards.length]
    return card === undefined ? {} : { primary: card }
  }
  if (gesture.kind === 'cup-return') {
    const body = { asset: founded.asset(GIFT), card: tag, amount: 100, ...tillOf(FESTIVAL) }
    await script.step(name, postRefill, { body })
    return
  }
  const { at, amount } = gesture
  const body = { place: founded.place(at), card: tag, amount, ...tillOf(at) }
  const sold = await script.attempt(name, postSale, { body })
  if (sold === undefined || at !== BAR) return
  const points = { asset: founded.asset(POINTS), card: tag, amount, ...tillOf(BAR) }
  await script.step(`${name}: points`, postRefill, { body: points })
}

/** Some volunteer, some pay an hour of the workshop with hours, some become members. */
async function afterwards({ script, founded, since }: Scene, member: Member): Promise<void> {
  const { tag, hours, joins, volunteers } = member
  if (volunteers) {
    const body = { place: founded.place(FESTIVAL), card: tag, asset: founded.asset(BADGE) }
    await script.step(`badge in of ${tag}`, postBadge, { body })
    await script.step(`badge out of ${tag}`, postBadge, { body })
  }
  const place = founded.place(RAFFINERIE)
  if (hours > 0) {
    const body = { place, card: tag, parts: [{ asset: founded.asset(HOURS), amount: 100 }] }
    await script.step(`workshop of ${tag}`, postSale, { body })
  }
  if (!joins) return
  const sale = { place, card: tag, amount: MEMBERSHIP_PRICE }
  const paid = await script.attempt(`membership paid by ${tag}`, postSale, { body: sale })
  if (paid === undefined) return
  const asset = founded.asset(MEMBERSHIP)
  const body = { place, card: tag, asset, amount: MEMBERSHIP_PRICE, start: since }
  await script.step(`membership of ${tag}`, postSubscription, { body })
}

/** A card with something of everything, for whoever tries the commands. */
async function fillTryout({ script, founded, cast }: Scene): Promise<void> {
  const { tryout: card } = cast
  const reference = 'Made-up bank transfer for the card to try with'
  const evidence = { account: 'bank/demo', reference, gross: TRYOUT_FED, fee: 0, net: TRYOUT_FED }
  await script.step('euros to try', postIssue, { body: { card, evidence } })
  for (const [name, amount] of TRYOUT_PARTS) {
    const body = { asset: founded.asset(name), card, amount }
    await script.step(`${name} to try`, postRefill, { body })
  }
}

async function refundGuests({ script, founded, cast }: Scene): Promise<void> {
  for (const { tag } of cast.guests.slice(0, 5)) {
    const body = { place: founded.place(FESTIVAL), card: tag, void: true }
    await script.step(`refund of ${tag}`, postRefund, { body })
  }
}

/** A member loses a card, and gets another: the money was in the wallet all along. */
async function loseCard(
  { script, cast }: Scene,
  {
    member,
    wallet,
  }: { readonly member: Member | undefined; readonly wallet: WalletId | undefined },
): Promise<void> {
  if (member === undefined || wallet === undefined) return
  const replaced = { params: { card: member.tag }, body: { card: cast.spare, wallet } }
  await script.step(`replace ${member.tag}`, replaceCard, replaced)
  const lost = { params: { card: cast.spare }, body: { wallet } }
  await script.step(`lose ${cast.spare}`, reportCardLost, lost)
}

/** The festival hands in the local money that it took, and pays an invoice of the bar. */
async function settle({ script, founded, fed }: Scene): Promise<void> {
  const deposit = { place: founded.place(FESTIVAL), asset: founded.asset(LOCAL), amount: 2_000 }
  await script.step('the festival hands in local money', postDeposit, { body: deposit })
  const body = {
    from: founded.placeWallet(FESTIVAL),
    to: founded.placeWallet(BAR),
    asset: fed,
    amount: 15_000,
    invoice: toHex(nobleHash(toUtf8('Invoice 2026-017 of Bar du Port, 30 crates'))),
  }
  await script.step(LAST_STEP, postTransfer, { body })
}

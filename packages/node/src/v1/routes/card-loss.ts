/** A person says that their card is lost. */
import { readFields, text } from '../codec/fields.ts'
import { notFound } from '../codec/messages.ts'
import { refuseWithDetail } from '../refusal.ts'
import { route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'

/** The money stays in their wallet, and the card opens no till any more. */
async function loseCard(call: WalletCall): Promise<V1Answer> {
  const { means, wallet } = call
  const { number_printed: number } = readFields(call.body, { number_printed: text() })
  await call.order(() => {
    const card = means.directory.byNumber(number)?.card
    const person = card && means.book.state.get('card', card)?.person
    if (card === undefined || person !== wallet) return refuseWithDetail(404, notFound('Card'))
    return [{ kind: 'card-lost', card, wallet }]
  })
  return { status: 200, body: 'wallet and user detached from card' }
}

export const cardLossRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/card/lost_my_card_by_signature/',
    access: 'wallet',
    answer: loseCard,
  }),
]

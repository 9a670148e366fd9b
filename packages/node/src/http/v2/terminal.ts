import { askAgain, cancelPayment, listReaders, postTerminalPayment } from '@fedow/api'
import type { PlaceId } from '@fedow/ledger'
import { type Caller, demandCan, demandOnPlace, onlyPlaceOf } from '../../gateway/caller.ts'
import { bearerNamed, type Means, walletOfCard } from '../../gateway/means.ts'
import type { Reader } from '../../payments/provider-terminal.ts'
import type { Asked, TerminalWish } from '../../payments/terminals.ts'
import type { Payment, PaymentId } from '../../store/payment-store.ts'
import type { Http } from '../parts.ts'
import { operatorPaymentView, paymentView } from '../payment-views.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'

export function terminalRoutes(http: Http): void {
  const { means } = http
  const { terminals, payments } = http.parts.payments
  const toView = (caller: Caller, payment: Payment) =>
    caller.kind === 'operator'
      ? operatorPaymentView(payment, payments.issueOf(payment))
      : paymentView(payment)

  serve(http, listReaders, async ({ caller }) => {
    demandCan(caller, 'sell')
    const found = await terminals.readers(onlyPlaceOf(caller))
    if (found === 'silent') throw new RequestError({ code: 'readers_unknown' })
    if (typeof found === 'string') throw new RequestError({ code: 'refills_off', why: found })
    return { readers: found.map(readerView) }
  })

  serve(http, postTerminalPayment, async ({ caller, id, body }) => {
    demandOnPlace(caller, body.place, 'sell')
    const wish = { ...wishOf(means, body), id: id as string as PaymentId }
    const payment = toPayment(await terminals.open(wish), body.reader)
    return toView(caller, payment)
  })

  serve(http, askAgain, async ({ caller, params: { payment: id } }) => {
    demandAtReader(caller, payments.find(id), id)
    return toView(caller, demandFound(await terminals.again(id), id))
  })

  serve(http, cancelPayment, async ({ caller, params: { payment: id } }) => {
    demandAtReader(caller, payments.find(id), id)
    return toView(caller, demandFound(await terminals.cancel(id), id))
  })
}

type WishText = Parameters<typeof bearerNamed>[1] &
  Pick<TerminalWish, 'place' | 'reader'> & { readonly amount: number }

/** Whoever pays may pay for any card or person: it takes nothing from them. */
function wishOf(
  means: Means,
  { place, reader, amount, ...named }: WishText,
): Omit<TerminalWish, 'id'> {
  const bearer = bearerNamed(means, named)
  const card = 'card' in bearer ? bearer.card : undefined
  const wallet = 'card' in bearer ? walletOfCard(means, bearer.card) : bearer.wallet
  return { wallet, card, place, reader, amount: BigInt(amount) }
}

/** Only the place that has asked may go on asking, or give up. */
function demandAtReader(caller: Caller, payment: Payment | undefined, id: PaymentId): void {
  demandCan(caller, 'sell')
  const { atReader, place } = demandFound(payment, id)
  if (atReader === undefined) throw new RequestError({ code: 'not_at_reader', payment: id })
  if (place !== undefined) demandOnPlace(caller, place, 'sell')
}

function demandFound(payment: Payment | undefined, id: PaymentId): Payment {
  if (payment === undefined) throw new RequestError({ code: 'payment_not_found', payment: id })
  return payment
}

function toPayment(asked: Asked, reader: string): Payment {
  switch (asked.status) {
    case 'asked':
      return asked.payment
    case 'reader':
      throw new RequestError({ code: 'reader_unavailable', reader, why: asked.why })
    case 'off':
      throw new RequestError({ code: 'refills_off', why: asked.why })
    case 'other':
      throw new RequestError({ code: 'idempotency_key_reused' })
    case 'refused':
      throw new RequestError({ code: 'provider_refused' })
    case 'over':
      throw new RequestError({ code: 'payment_over', state: asked.payment.state })
    case 'unreachable':
      throw new RequestError({ code: 'terminal_silent' })
  }
}

function readerView({ id, label, isOnline, place, action, url }: Reader) {
  return {
    ...{ reader: id, label, online: isOnline, busy: action?.state === 'waiting' },
    ...(place !== undefined && { place: place as PlaceId }),
    ...(url !== undefined && { url }),
  }
}

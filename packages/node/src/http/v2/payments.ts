import { getPayment, listPayments, postOnlineRefill } from '@fedow/api'
import { type Caller, demandCan } from '../../gateway/caller.ts'
import { deny } from '../../gateway/denial.ts'
import { bearerNamed, type Means, walletOfCard } from '../../gateway/means.ts'
import type { Opened, RefillWish } from '../../payments/payments.ts'
import type { Payment, PaymentId } from '../../store/payment-store.ts'
import type { Http } from '../parts.ts'
import { operatorPaymentView, paymentsView, paymentView } from '../payment-views.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'

const PAGE_USUAL = 100

export function paymentRoutes(http: Http): void {
  const { means } = http
  const { payments, origin } = http.parts.payments
  const toOperator = (payment: Payment) => operatorPaymentView(payment, payments.issueOf(payment))

  serve(http, postOnlineRefill, async ({ caller, id, body }) => {
    demandCan(caller, 'sell', 'spend', 'issue')
    const payment = id as string as PaymentId
    const returnUrl = returnUrlOf(body.returnUrl, payment) ?? `${origin()}/payments/${payment}`
    const opened = await payments.open({ ...wishOf(means, caller, body), id: payment, returnUrl })
    return toPage(opened, payment)
  })

  serve(http, getPayment, async ({ caller, params: { payment: id } }) => {
    const payment = await payments.settle(id)
    if (payment === undefined) throw new RequestError({ code: 'payment_not_found', payment: id })
    return caller.kind === 'operator' ? toOperator(payment) : paymentView(payment)
  })

  serve(http, listPayments, ({ query: { state, before, limit = PAGE_USUAL } }) => {
    const page = payments.page({ state, before, limit })
    return {
      status: paymentsView(payments.status()),
      payments: page.payments.map(toOperator),
      ...(page.next !== undefined && { next: page.next }),
    }
  })
}

type RefillText = Parameters<typeof bearerNamed>[1] & {
  readonly amount?: number
  readonly email?: string
}

/** Whoever pays may pay for any card or person: it takes nothing from them. */
function wishOf(
  means: Means,
  caller: Caller,
  request: RefillText,
): Omit<RefillWish, 'id' | 'returnUrl'> {
  const { amount, email } = request
  const bearer = bearerNamed(means, request)
  const card = 'card' in bearer ? bearer.card : undefined
  const wallet = 'card' in bearer ? walletOfCard(means, bearer.card) : bearer.wallet
  const place = caller.kind === 'key' ? (caller.key.place ?? undefined) : undefined
  return { wallet, card, place, email, amount: amount === undefined ? undefined : BigInt(amount) }
}

/** The caller's own address, with the payment in its query. */
function returnUrlOf(text: string | undefined, payment: PaymentId): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url === null) deny({ code: 'invalid_request', where: '/returnUrl', expected: 'an address' })
  url.searchParams.set('payment', payment)
  return url.href
}

function toPage(opened: Opened, payment: PaymentId) {
  switch (opened.status) {
    case 'opened':
      return { payment, url: opened.url, sandbox: opened.payment.provider === 'sandbox' }
    case 'off':
      throw new RequestError({ code: 'refills_off', why: opened.why })
    case 'other':
      throw new RequestError({ code: 'idempotency_key_reused' })
    case 'refused':
      throw new RequestError({ code: 'provider_refused' })
    case 'over':
      throw new RequestError({ code: 'payment_over', state: opened.payment.state })
    case 'unreachable':
      throw new RequestError({ code: 'provider_silent' })
  }
}

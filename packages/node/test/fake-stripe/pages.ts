/** The pages that Stripe shows to people, as plain as can be, for trying by hand. */
import type { ServerResponse } from 'node:http'
import { onboard } from './objects/account.ts'
import { type Payment, payCheckout } from './objects/checkout-payment.ts'
import { hasChosenAmount } from './objects/session.ts'
import type { World } from './world.ts'

interface Visit {
  readonly method: string
  readonly path: string
  readonly body: string
}

const OUTCOMES: readonly Payment['outcome'][] = ['paid', 'declined', 'pending', 'expired']

export function isPage(path: string): boolean {
  return path.startsWith('/pay/') || path.startsWith('/onboard/')
}

export interface Page {
  readonly status: number
  readonly body: string
  readonly location?: string
}

export function answerPage(world: World, visit: Visit): Page {
  const [, page, id = ''] = visit.path.split('/')
  if (page === 'onboard') return answerOnboarding(world, id)
  const session = world.sessions.find(id)
  if (!session) return { status: 404, body: '<p>There is no such payment.</p>' }
  if (session.status !== 'open') return { status: 200, body: CLOSED }
  if (visit.method !== 'POST') return { status: 200, body: payPage(world, id) }
  try {
    const { returnUrl } = payCheckout(world, session, readPayment(world, id, visit.body))
    const next = returnUrl ?? (isStillOpen(world, id) ? visit.path : session.cancel_url)
    return { status: 303, body: '', location: next ?? visit.path }
  } catch (cause) {
    return { status: 400, body: `<p>${escaped(String(cause))}</p>${payPage(world, id)}` }
  }
}

function readPayment(world: World, id: string, body: string): Payment {
  const sent = new URLSearchParams(body)
  const outcome = OUTCOMES.find((one) => one === sent.get('outcome')) ?? 'declined'
  if (!hasChosenAmount(world.lineItems.get(id) ?? [])) return { outcome }
  const euros = (sent.get('euros') ?? '').replace(',', '.')
  return { outcome, amount: Math.round(Number(euros) * 100) }
}

function isStillOpen(world: World, id: string): boolean {
  return world.sessions.get(id).status === 'open'
}

function answerOnboarding(world: World, id: string): Page {
  const account = world.accounts.find(id)
  if (!account) return { status: 404, body: '<p>There is no such account.</p>' }
  onboard(world, account)
  return { status: 200, body: `<p>The account ${escaped(id)} can receive transfers.</p>` }
}

const CLOSED = '<p>This payment is closed.</p>'

function payPage(world: World, id: string): string {
  const session = world.sessions.get(id)
  const items = world.lineItems.get(id) ?? []
  const euros = ((session.amount_total ?? 0) / 100).toFixed(2)
  const amount = hasChosenAmount(items)
    ? `<label>Euros <input name="euros" inputmode="decimal" value="${euros}"></label>`
    : `<p>${euros} ${escaped(session.currency ?? '')}</p>`
  const buttons = OUTCOMES.map(
    (outcome) => `<button name="outcome" value="${outcome}">${outcome}</button>`,
  )
  return `<form method="post"><h1>${escaped(items[0]?.description ?? 'Payment')}</h1>${amount}<p>${buttons.join(' ')}</p></form>`
}

export function sendPage({ status, body, location }: Page, response: ServerResponse): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    ...(location === undefined ? {} : { location }),
  })
  response.end(`<!doctype html><meta charset="utf-8"><title>Fake Stripe</title>${body}`)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

import Stripe from 'stripe'
import type { FakeStripe } from './fake-stripe.ts'
import { idOf } from './world.ts'

/** The real library, speaking to the fake. It repeats nothing by itself unless asked. */
export function clientOf(fake: FakeStripe, more: Stripe.StripeConfig = {}): Stripe {
  return new Stripe(fake.key, { ...fake.settings, maxNetworkRetries: 0, ...more })
}

/** A price in euros whose payer chooses the amount, as the federated token is sold. */
export async function chosenPrice(stripe: Stripe): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name: 'Primary Asset' })
  return stripe.prices.create({
    ...{ product: product.id, currency: 'eur', tax_behavior: 'inclusive' as const },
    custom_unit_amount: { enabled: true, minimum: 100, maximum: 50_000 },
  })
}

/** An open session for an amount that the payer chooses. */
export async function openSession(
  stripe: Stripe,
  more: Stripe.Checkout.SessionCreateParams = {},
): Promise<Stripe.Checkout.Session> {
  const price = await chosenPrice(stripe)
  return stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: 'https://bar.example.org/back/{CHECKOUT_SESSION_ID}',
    ...more,
  })
}

/** What the library throws. */
export async function failure(
  asked: Promise<unknown>,
): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  const thrown = await asked.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (thrown instanceof Stripe.errors.StripeError) return thrown
  throw new Error(`Expected a refusal, got ${String(thrown)}.`)
}

/** The types of all that has happened, oldest first. */
export function happened(fake: FakeStripe): readonly string[] {
  return fake.world.events.all().map(({ type }) => type)
}

/** A session that is paid by card. */
export async function paid(
  fake: FakeStripe,
  stripe: Stripe,
  amount: number,
): Promise<{ session: Stripe.Checkout.Session; intent: string; charge: string }> {
  const session = await openSession(stripe)
  fake.payCheckout(session, { outcome: 'paid', amount })
  const intent = idOf(fake.world.sessions.get(session.id).payment_intent) ?? ''
  return { session, intent, charge: idOf(fake.world.intents.get(intent).latest_charge) ?? '' }
}

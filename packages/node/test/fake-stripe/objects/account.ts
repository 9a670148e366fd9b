import type Stripe from 'stripe'
import { mergeMetadata, type Params } from '../params.ts'
import { type Call, listRoute, type Route, readRoute } from '../route.ts'
import type { World } from '../world.ts'

type Account = Stripe.Account

export const accountRoutes: readonly Route[] = [
  readRoute('/v1/account', ({ world }) => platformAccount(world)),
  { method: 'POST', path: '/v1/accounts', run: createAccount },
  readRoute('/v1/accounts/:id', ({ world, id }) =>
    id === world.platform ? platformAccount(world) : world.accounts.get(id),
  ),
  { method: 'POST', path: '/v1/accounts/:id', run: updateAccount },
  { method: 'DELETE', path: '/v1/accounts/:id', run: deleteAccount },
  listRoute('/v1/accounts', { among: ({ world }) => world.accounts.all() }),
  { method: 'POST', path: '/v1/account_links', run: createAccountLink },
]

const LINK_LIFE_S = 300

function createAccount({ world, params }: Call): Account {
  const type = params.choice('type', ['express', 'standard', 'custom']) ?? 'standard'
  const wanted = { country: params.text('country') ?? 'FR', ...readAccount(params) }
  params.end()
  const account = newAccount(world, { ...wanted, type })
  world.accounts.add(account)
  return account
}

function readAccount(params: Params) {
  const capabilities = params.child('capabilities')
  for (const name of ['transfers', 'card_payments', 'sepa_debit_payments']) {
    capabilities?.child(name)?.flag('requested')
  }
  params.ignore('business_type', 'business_profile', 'company', 'controller', 'settings')
  params.ignore('tos_acceptance', 'individual')
  return { email: params.text('email'), metadata: params.metadata() }
}

interface NewAccount {
  readonly type: string
  readonly country: string
  readonly email?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

function newAccount(world: World, { type, country, email, metadata }: NewAccount): Account {
  return {
    id: world.ids.next('acct', 16),
    object: 'account',
    business_type: null,
    capabilities: { card_payments: 'inactive', transfers: 'inactive' },
    charges_enabled: false,
    country,
    created: world.clock.now(),
    default_currency: 'eur',
    details_submitted: false,
    email: email ?? null,
    metadata: mergeMetadata(null, metadata),
    payouts_enabled: false,
    type,
  }
}

/** What the key's own account shows of itself. */
function platformAccount(world: World): Account {
  return {
    ...newAccount(world, { type: 'standard', country: 'FR', email: 'keeper@example.org' }),
    id: world.platform,
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    details_submitted: true,
    payouts_enabled: true,
  }
}

function updateAccount({ world, params, id }: Call): Account {
  const account = world.accounts.get(id)
  const { email, metadata } = readAccount(params)
  params.end()
  account.email = email ?? account.email
  account.metadata = mergeMetadata(account.metadata ?? null, metadata)
  world.emit('account.updated', account, { account: id })
  return account
}

function deleteAccount({ world, params, id }: Call): Stripe.DeletedAccount {
  world.accounts.get(id)
  params.end()
  world.accounts.remove(id)
  return { id, object: 'account', deleted: true }
}

function createAccountLink({ world, params }: Call): Stripe.AccountLink {
  const account = world.accounts.get(params.needText('account'), 'account')
  params.choice('type', ['account_onboarding', 'account_update'])
  params.url('refresh_url')
  params.url('return_url')
  params.ignore('collection_options', 'collect')
  params.end()
  const now = world.clock.now()
  return {
    object: 'account_link',
    created: now,
    expires_at: now + LINK_LIFE_S,
    url: `${world.origin}/onboard/${account.id}/${world.ids.text(12)}`,
  }
}

/** The venue has given Stripe its papers: it can receive transfers. */
export function onboard(world: World, account: Account): Account {
  account.capabilities = { card_payments: 'active', transfers: 'active' }
  account.charges_enabled = true
  account.details_submitted = true
  account.payouts_enabled = true
  world.emit('account.updated', account, { account: account.id })
  return account
}

/** Stripe asks for more papers, or suspects something: transfers to the account stop. */
export function restrict(world: World, account: Account): Account {
  account.capabilities = { card_payments: 'inactive', transfers: 'inactive' }
  account.charges_enabled = false
  account.payouts_enabled = false
  world.emit('account.updated', account, { account: account.id })
  return account
}

/** The venue leaves the platform. */
export function deauthorise(world: World, account: Account): void {
  world.accounts.remove(account.id)
  const application = { id: world.ids.next('ca', 32), object: 'application', name: 'Fedow' }
  world.emit('account.application.deauthorized', application, { account: account.id })
}

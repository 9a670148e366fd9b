import type Stripe from 'stripe'
import { mergeMetadata } from '../params.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import type { World } from '../world.ts'

export const customerRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/customers', run: createCustomer },
  readRoute('/v1/customers/:id', ({ world, id }) => world.customers.get(id)),
  { method: 'POST', path: '/v1/customers/:id', run: updateCustomer },
  { method: 'DELETE', path: '/v1/customers/:id', run: deleteCustomer },
  listRoute('/v1/customers', {
    among: ({ world }) => world.customers.all(),
    filter: sameAs<Stripe.Customer>('email'),
  }),
]

interface NewCustomer {
  readonly email?: string | undefined
  readonly name?: string | undefined
  readonly phone?: string | undefined
  readonly description?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export function addCustomer(world: World, wanted: NewCustomer): Stripe.Customer {
  const customer = world.customers.add({
    id: world.ids.next('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: world.clock.now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: wanted.description || null,
    discount: null,
    email: wanted.email || null,
    invoice_prefix: world.ids.text(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: mergeMetadata(null, wanted.metadata),
    name: wanted.name || null,
    next_invoice_sequence: 1,
    phone: wanted.phone || null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  })
  world.emit('customer.created', customer)
  return customer
}

function createCustomer({ world, params }: Call): Stripe.Customer {
  const wanted = readCustomer(params)
  params.ignore('preferred_locales', 'address', 'shipping')
  params.end()
  return addCustomer(world, wanted)
}

function readCustomer(params: Call['params']): NewCustomer {
  return {
    email: params.text('email', { max: 512 }),
    name: params.text('name', { max: 256 }),
    phone: params.text('phone'),
    description: params.text('description'),
    metadata: params.metadata(),
  }
}

function updateCustomer({ world, params, id }: Call): Stripe.Customer {
  const customer = world.customers.get(id)
  const { metadata, email, name, phone, description } = readCustomer(params)
  params.end()
  if (email !== undefined) customer.email = email || null
  if (name !== undefined) customer.name = name || null
  if (phone !== undefined) customer.phone = phone || null
  if (description !== undefined) customer.description = description || null
  customer.metadata = mergeMetadata(customer.metadata, metadata)
  world.emit('customer.updated', customer)
  return customer
}

function deleteCustomer({ world, params, id }: Call): Stripe.DeletedCustomer {
  const customer = world.customers.get(id)
  params.end()
  world.customers.remove(id)
  world.emit('customer.deleted', customer)
  return { id, object: 'customer', deleted: true }
}

import type Stripe from 'stripe'
import { mergeMetadata, type Params } from '../params.ts'
import { Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import type { Price, World } from '../world.ts'

/** What Checkout takes at most for one payment, in cents. */
export const AMOUNT_MAX = 99_999_999
const CHOSEN_AMOUNT_MIN = 50

export const catalogueRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/products', run: createProduct },
  readRoute('/v1/products/:id', ({ world, id }) => world.products.get(id)),
  { method: 'POST', path: '/v1/products/:id', run: updateProduct },
  listRoute('/v1/products', {
    among: ({ world }) => world.products.all(),
    filter: sameAs<Stripe.Product>('active'),
  }),
  { method: 'POST', path: '/v1/prices', run: createPrice },
  readRoute('/v1/prices/:id', ({ world, id }) => world.prices.get(id)),
  { method: 'POST', path: '/v1/prices/:id', run: updatePrice },
  listRoute('/v1/prices', {
    among: ({ world }) => world.prices.all(),
    filter: (params) => {
      const same = sameAs<Price>('active', 'product', 'currency')(params)
      const keys = params.texts('lookup_keys')
      return (price) => same(price) && (!keys || keys.includes(price.lookup_key ?? ''))
    },
  }),
]

function createProduct({ world, params }: Call): Stripe.Product {
  const product = readProduct(world, params)
  params.end()
  world.products.add(product)
  world.emit('product.created', product)
  return product
}

/** Also what `product_data` describes inside of a price. */
function readProduct(world: World, params: Params): Stripe.Product {
  const [now, description] = [world.clock.now(), params.text('description')]
  params.ignore('images', 'tax_code', 'unit_label', 'statement_descriptor', 'shippable', 'type')
  return {
    id: params.text('id') ?? world.ids.next('prod', 14),
    object: 'product',
    active: params.flag('active') ?? true,
    created: now,
    default_price: null,
    description: description || null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: mergeMetadata(null, params.metadata()),
    name: params.needText('name'),
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: now,
    url: params.text('url') || null,
  }
}

function updateProduct({ world, params, id }: Call): Stripe.Product {
  const product = world.products.get(id)
  const [name, active] = [params.text('name'), params.flag('active')]
  const [metadata, description] = [params.metadata(), params.text('description')]
  const price = params.text('default_price')
  params.end()
  if (price !== undefined) product.default_price = world.prices.get(price, 'default_price').id
  product.name = name ?? product.name
  product.active = active ?? product.active
  if (description !== undefined) product.description = description || null
  product.metadata = mergeMetadata(product.metadata, metadata)
  product.updated = world.clock.now()
  world.emit('product.updated', product)
  return product
}

function createPrice({ world, params }: Call): Price {
  const inline = params.child('product_data')
  const made = inline && readProduct(world, inline)
  const product = params.text('product')
  if (!made && product === undefined) throw lacking('product')
  if (product !== undefined) world.products.get(product, 'product')
  const price = readPrice(world, params, made?.id ?? product ?? '')
  const key = price.lookup_key
  params.end()
  if (key && world.prices.where((one) => one.lookup_key === key).length > 0) {
    throw new Refusal(
      `A price (\`${world.prices.where((one) => one.lookup_key === key)[0]?.id}\`) already uses that lookup key.`,
      { code: 'resource_already_exists', param: 'lookup_key' },
    )
  }
  if (made) world.products.add(made)
  world.prices.add(price)
  world.emit('price.created', price)
  return price
}

/** Also what `price_data` describes inside of a checkout session. */
export function readPrice(world: World, params: Params, product: string): Price {
  const amount = params.whole('unit_amount', { min: 0, max: AMOUNT_MAX })
  const custom = readCustomAmount(params)
  if (amount === undefined && custom === null) throw lacking(params.nameOf('unit_amount'))
  return {
    id: world.ids.next('price'),
    object: 'price',
    active: params.flag('active') ?? true,
    billing_scheme: 'per_unit',
    created: world.clock.now(),
    currency: params.currency(),
    custom_unit_amount: custom,
    livemode: false,
    lookup_key: params.text('lookup_key') ?? null,
    metadata: mergeMetadata(null, params.metadata()),
    nickname: params.text('nickname') ?? null,
    product,
    recurring: null,
    tax_behavior:
      params.choice('tax_behavior', ['exclusive', 'inclusive', 'unspecified']) ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: amount ?? null,
    unit_amount_decimal: amount === undefined ? null : String(amount),
  }
}

function readCustomAmount(params: Params): Stripe.Price.CustomUnitAmount | null {
  const custom = params.child('custom_unit_amount')
  if (!custom) return null
  const isEnabled = custom.flag('enabled') === true
  const bounds = { min: CHOSEN_AMOUNT_MIN, max: AMOUNT_MAX }
  const read = {
    maximum: custom.whole('maximum', bounds) ?? null,
    minimum: custom.whole('minimum', bounds) ?? null,
    preset: custom.whole('preset', bounds) ?? null,
  }
  return isEnabled ? read : null
}

function updatePrice({ world, params, id }: Call): Price {
  const price = world.prices.get(id)
  const [active, nickname] = [params.flag('active'), params.text('nickname')]
  const metadata = params.metadata()
  params.end()
  price.active = active ?? price.active
  price.nickname = nickname ?? price.nickname
  price.metadata = mergeMetadata(price.metadata, metadata)
  world.emit('price.updated', price)
  return price
}

/** The product of a `price_data`, made when it is described and not named. */
export function readPriceOf(world: World, params: Params): () => Price {
  const inline = params.child('product_data')
  const made = inline && readProduct(world, inline)
  const named = params.text('product')
  if (!made && named === undefined) throw lacking(params.nameOf('product_data'))
  if (named !== undefined) world.products.get(named, params.nameOf('product'))
  const price = readPrice(world, params, made?.id ?? named ?? '')
  return () => {
    if (made) world.products.add(made)
    return world.prices.add(price)
  }
}

function lacking(param: string): Refusal {
  return new Refusal(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

import type { Client } from '@fedow/api'
import type { AssetId } from '@fedow/ledger'
import { many, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { parseAmount } from '../text/amount.ts'
import { assetNamed } from './named.ts'

/** How a command says what is paid. */
export const priceValues = {
  amount: text(
    'amount',
    'the price: gift money is taken first, then local money, then federated euros',
  ),
  part: many(
    'asset=amount',
    'instead of a price: so much of this asset; several are paid in this order',
  ),
}

export interface PartChoice {
  readonly asset: AssetId
  readonly amount: number
}

export type PriceChoice = { readonly amount: number } | { readonly parts: PartChoice[] }

/** Either a price or parts. Throws Misuse. */
export async function readPrice(
  client: Client,
  { amount, part }: { readonly amount: string | undefined; readonly part: readonly string[] },
): Promise<PriceChoice> {
  if ((amount === undefined) === (part.length === 0)) {
    throw new Misuse('Give either a price (--amount) or parts (--part PKS=3.50). Nothing was sent.')
  }
  if (amount !== undefined) return { amount: readPositive(amount) }
  return { parts: await readParts(client, part) }
}

/** Parts such as `PKS=3.50`. Throws Misuse. */
export async function readParts(client: Client, texts: readonly string[]): Promise<PartChoice[]> {
  const parts: PartChoice[] = []
  for (const text of texts) {
    const cut = text.lastIndexOf('=')
    if (cut < 1) throw new Misuse(`"${text}" is not a part; write asset=amount, such as PKS=3.50.`)
    const asset = await assetNamed(client, text.slice(0, cut))
    parts.push({ asset: asset.id, amount: readPositive(text.slice(cut + 1), asset.kind) })
  }
  return parts
}

/** An amount of at least one minor unit, as requests carry it. Throws Misuse. */
export function readPositive(text: string, kind?: string): number {
  const amount = parseAmount(text, kind)
  if (amount === 0n)
    throw new Misuse('The amount is zero; this needs at least 0.01. Nothing was sent.')
  return Number(amount)
}

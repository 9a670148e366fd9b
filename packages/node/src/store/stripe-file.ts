/** What opens the account at Stripe when no setting does: the file that an import of v1 has written. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StripeConfig } from '../config.ts'

const FILE = join('keys', 'stripe.json')

/** Settings stand before the file. Throws when there is a file that nobody can read: silence would open the sandbox. */
export function stripeConfigOf(folder: string, set: StripeConfig): StripeConfig {
  const path = join(folder, FILE)
  if (!existsSync(path)) return set
  const { key, webhookSecret } = readStripeFile(path)
  return {
    ...set,
    key: set.key ?? key,
    // A secret belongs to its account: that of another key proves nothing.
    webhookSecret: set.webhookSecret ?? (set.key === undefined ? webhookSecret : undefined),
  }
}

function readStripeFile(path: string): Pick<StripeConfig, 'key' | 'webhookSecret'> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  const { key, webhookSecret } = (value ?? {}) as Record<string, unknown>
  const isText = (one: unknown) => one === null || typeof one === 'string'
  if (isText(key) && isText(webhookSecret)) {
    return { key: toText(key), webhookSecret: toText(webhookSecret) }
  }
  throw new Error(
    `${path} is damaged: {"key", "webhookSecret"} was expected. Nothing was changed. Remove it, and set FEDOW_STRIPE_KEY and FEDOW_STRIPE_WEBHOOK_SECRET, or put it back from a copy of the folder.`,
  )
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Keys that v1 kept for itself, each as a file that only its owner may read. */
import { createPrivateKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeNewFile } from '../../store/durable-file.ts'
import { isUsablePem } from '../codec/signature.ts'
import { PRIMARY_KEY_FILE } from '../store/primary-key.ts'
import { type FernetKey, openFernet } from './fernet.ts'
import { CONFIGURATION, WALLET } from './rows.ts'
import type { V1Database } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

/** What opens the account of Stripe, as JSON `{"key", "webhookSecret"}`; null: it was not opened. */
export const STRIPE_FILE = 'stripe.json'

const MODE = 0o600

/** The key of the primary wallet: its private half where v1 kept it open, else the public one, which Lespass has. */
export function writePrimaryKey(
  db: V1Database,
  { keyFolder, world }: { readonly keyFolder: string; readonly world: V1World },
): void {
  const path = join(keyFolder, PRIMARY_KEY_FILE)
  const row = [...db.rows(WALLET)].find(({ id }) => world.isPrimary(id))
  const text = [row?.privatePem, row?.publicPem].find((pem) => pem !== undefined && isKey(pem))
  if (text !== undefined && !existsSync(path)) {
    writeNewFile(path, { text: `${text.trim()}\n`, mode: MODE })
  }
}

function isKey(pem: string): boolean {
  return isUsablePem(pem.trim()) || isPrivateRsa(pem)
}

function isPrivateRsa(pem: string): boolean {
  // What is encrypted opens with v1's SECRET_KEY alone, and is of no use here.
  if (!/^-----BEGIN (RSA )?PRIVATE KEY-----/m.test(pem)) return false
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch (cause) {
    if ((cause as { code?: string }).code?.startsWith('ERR_OSSL')) return false
    throw cause
  }
}

/** Nothing is written when neither opens. */
export function writeStripeKeys(
  db: V1Database,
  {
    keyFolder,
    fernetKey,
  }: { readonly keyFolder: string; readonly fernetKey: FernetKey | undefined },
): void {
  const [row] = [...db.rows(CONFIGURATION)]
  const open = (text: string | undefined): string | null => {
    const bytes = text && fernetKey && openFernet(fernetKey, text)
    return bytes ? String(bytes) : null
  }
  const key = open(row?.stripeKeyClosed)
  const webhookSecret = open(row?.stripeEndpointSecretClosed)
  if (key === null && webhookSecret === null) return
  const text = `${JSON.stringify({ key, webhookSecret })}\n`
  writeNewFile(join(keyFolder, STRIPE_FILE), { text, mode: MODE })
}

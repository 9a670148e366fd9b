/** For which product of Lespass a reward or gift was given, as its request said, or v1 of an imported line. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Products } from '../../store/figures-worker.ts'

/** The route by which Lespass gives; other requests say nothing of products, and their bodies are long. */
const GIVING = 'POST /transaction/refill_from_lespass_to_user_wallet/'

/** Reads the file of v1; without one, nothing is known. */
export function openProducts(path: string): Products {
  if (!existsSync(path)) return { productOf: () => undefined, [Symbol.dispose]: () => undefined }
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  const asked = db.prepare(
    `SELECT json_extract(body, '$.metadata.product_uuid') AS product FROM request
     WHERE id = ? AND substr(route, 1, ${GIVING.length}) = '${GIVING}' AND json_valid(body)`,
  )
  const past = db.prepare(
    `SELECT json_extract(metadata, '$.product_uuid') AS product FROM past_line
     WHERE id = ? AND json_valid(metadata)`,
  )
  return {
    productOf(id, isImported) {
      const product = (isImported ? past : asked).get(id)?.['product']
      return typeof product === 'string' ? product : undefined
    },
    [Symbol.dispose]: () => db.close(),
  }
}

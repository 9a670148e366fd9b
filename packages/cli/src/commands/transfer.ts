import { createHash } from 'node:crypto'
import { postTransfer } from '@fedow/api'
import { assetNamed, walletNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { command, needed, text } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

const SHA256 = /^[0-9a-f]{64}$/

export const transfer = command({
  name: 'transfer',
  summary: 'Money from a place to a place or person, or between persons where the asset allows it',
  options: {
    from: needed('wallet', 'who gives: a place by its name, or the id of a wallet'),
    to: needed('wallet', 'who receives: likewise'),
    asset: needed('asset', 'its name, code or id'),
    amount: needed('amount', 'such as 150.00'),
    invoice: text(
      'reference',
      'the invoice that this pays: its text, of which the book keeps the SHA-256 only',
    ),
  },
  examples: [
    'transfer --from "Manapany Festival" --to "Bar du Port" --asset FED --amount 150.00',
    'transfer --from "Manapany Festival" --to "Bar du Port" --asset FED --amount 150 --invoice "F-2026-017"',
  ],
  async run({ client, send, screen }, { invoice, ...values }) {
    const asset = await assetNamed(client, values.asset)
    const body = {
      from: await walletNamed(client, values.from),
      to: await walletNamed(client, values.to),
      asset: asset.id,
      amount: readPositive(values.amount, asset.kind),
      ...(invoice !== undefined && { invoice: toInvoiceHash(invoice) }),
    }
    const done = await send(postTransfer, { body })
    screen.done(done, () => `${toMoved(done)} went over (${toReceipt(done)}).`)
  },
})

/** A hash is taken as it is; any other text is hashed here, so that it never leaves this machine. */
function toInvoiceHash(text: string): string {
  return SHA256.test(text) ? text : createHash('sha256').update(text).digest('hex')
}

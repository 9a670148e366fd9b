import { setCreditLimit } from '@fedow/api'
import { assetNamed, walletNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { formatAmount, parseAmount } from '../text/amount.ts'

export const creditLimit = command({
  name: 'credit limit',
  summary: 'Say how far below zero somebody may go in a mutual credit',
  details:
    'One that is lower than a debt takes nothing: nothing more is paid from there until it is back within the limit.',
  options: {
    asset: needed('asset', 'the mutual credit: its name, code or id'),
    wallet: needed('wallet', 'of a person, by its id; or of a place, by its name'),
    limit: needed('amount', 'such as 50.00; 0 for no credit'),
  },
  examples: [
    'credit limit --asset "Crédit du quartier" --wallet "Bar du Port" --limit 200',
    'credit limit --asset CRQ --wallet 0198f3a0-1111-7000-8000-000000000001 --limit 50',
  ],
  async run({ client, send, screen }, values) {
    const asset = await assetNamed(client, values.asset)
    const wallet = await walletNamed(client, values.wallet)
    const limit = Number(parseAmount(values.limit, asset.kind))
    const done = await send(setCreditLimit, {
      params: { asset: asset.id },
      body: { wallet, limit },
    })
    screen.done(done, () => `${values.wallet} may owe up to ${formatAmount(limit, asset)}.`)
  },
})

import { postDeposit } from '@fedow/api'
import { assetNamed, placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { command, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const deposit = command({
  name: 'deposit',
  summary: 'A place hands money in: it leaves circulation',
  details:
    'Federated euros need the payment that the place got for them: --account and --reference.',
  options: {
    place: needed('place', 'who hands in: its name or id'),
    asset: needed('asset', 'its name, code or id'),
    amount: needed('amount', 'such as 150.00'),
    account: text('account', 'federated euros: the reserve account that paid, such as bank/main'),
    reference: text('text', 'federated euros: the reference of the payment to the place'),
  },
  examples: [
    'deposit --place "Bar du Port" --asset Peaksu --amount 120.00',
    'deposit --place "Bar du Port" --asset FED --amount 80 --account bank/main --reference "VIR 0043"',
  ],
  async run({ client, send, screen }, { account, reference, ...values }) {
    const place = await placeNamed(client, values.place)
    const asset = await assetNamed(client, values.asset)
    const amount = readPositive(values.amount, asset.kind)
    if ((account === undefined) !== (reference === undefined)) {
      throw new Misuse('A payment has both an account and a reference. Nothing was sent.')
    }
    const evidence =
      account === undefined || reference === undefined
        ? {}
        : { evidence: { account, reference, gross: amount, fee: 0, net: amount } }
    const body = { place: place.id, asset: asset.id, amount, ...evidence }
    const done = await send(postDeposit, { body })
    screen.done(done, () => `${place.name} handed in ${toMoved(done)} (${toReceipt(done)}).`)
  },
})

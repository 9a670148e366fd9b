import { claimDividend } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { assetNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const dividendClaim = command({
  name: 'dividend claim',
  summary: 'Take every dividend that is due to a member whose wallet this node keeps',
  arguments: { asset: needed('asset', 'free money: its name, code or id') },
  options: { wallet: needed('wallet', 'the id of the member’s wallet') },
  examples: [
    'dividend claim LIB --wallet 01890000-0000-7000-8000-000000000001',
    'dividend claim Libre --wallet 01890000-0000-7000-8000-000000000001 --json',
  ],
  async run({ client, send, screen }, { asset, wallet }) {
    const { id } = await assetNamed(client, asset)
    const body = { wallet: readWallet(wallet) }
    const done = await send(claimDividend, { params: { asset: id }, body })
    screen.done(done, () => `${toMoved(done, 'DVD')} came in (${toReceipt(done)}).`)
  },
})

import { getWallet } from '@fedow/api'
import { walletNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { toAccountLines } from '../text/accounts.ts'

export const walletShow = command({
  name: 'wallet show',
  summary: 'What is in a wallet',
  arguments: { wallet: needed('wallet', 'its id, or the name of a place') },
  examples: [
    'wallet show "Bar du Port"',
    'wallet show 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { wallet: text }) {
    const id = await walletNamed(client, text)
    const wallet = await client.call(getWallet, { params: { wallet: id } })
    screen.answer(
      wallet,
      () => `wallet ${wallet.wallet} (${wallet.kind})\n${toAccountLines(wallet)}`,
    )
  },
})

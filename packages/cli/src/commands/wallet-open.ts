import { openWallet } from '@fedow/api'
import { readPublicKey } from '../book/key-file.ts'
import { command, text } from '../command.ts'

export const walletOpen = command({
  name: 'wallet open',
  summary: 'Open the wallet of a person, kept by this node until they bring a key of their own',
  options: { file: text('path', 'the person’s own key (PEM), which then governs the wallet') },
  examples: ['wallet open', 'wallet open --file my-key.pem --json'],
  async run({ send, screen }, { file }) {
    const body = file === undefined ? {} : { x: readPublicKey(file).x }
    const opened = await send(openWallet, { body })
    screen.done(opened, () => `Wallet ${opened.wallet}`)
  },
})

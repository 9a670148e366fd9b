import { encodeVerifierKey, nobleHash } from '@fedow/ledger'
import { hasGenesis } from '@fedow/node'
import { command } from '../command.ts'
import { Refused } from '../failure.ts'
import { logKeyOf } from '../proof/trust.ts'

export const checkpointKey = command({
  name: 'checkpoint key',
  summary: 'The key under which this book is sealed: what others need to verify its receipts',
  details:
    'It is no secret. Print it, hang it on the wall, hand it on: whoever has it from you verifies receipts of this network with "fedow receipt verify FILE --key KEY" and need ask nobody.',
  examples: ['checkpoint key', 'checkpoint key --data /var/lib/fedow --json'],
  async run({ config, screen }) {
    const { folder } = config
    if (!hasGenesis(folder)) {
      throw new Refused(
        `There is no book in ${folder}. Nothing was changed. Name the folder of yours with --data.`,
      )
    }
    const key = logKeyOf(folder)
    const vkey = encodeVerifierKey(nobleHash, key)
    screen.answer({ key: vkey, origin: key.name }, () => vkey)
  },
})

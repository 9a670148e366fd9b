import { submitSigned } from '../book/admin-tx.ts'
import { readKeyFile } from '../book/key-file.ts'
import { placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { toReceipt } from '../text/applied.ts'

export const placeAdmit = command({
  name: 'place admit',
  summary: 'Give one of the first four places a vote',
  details: 'The operator signs. Once four places vote, they admit the others by a proposal.',
  arguments: { place: needed('place', 'its name or id') },
  options: { sign: needed('path', 'the key file of the operator') },
  examples: [
    'place admit "Bar du Port" --sign operator.pem',
    'place admit "Bar du Port" --sign operator.pem --json',
  ],
  async run({ client, screen, key: id }, { place, sign }) {
    const found = await placeNamed(client, place)
    const action = { kind: 'place-admit', place: found.id } as const
    const done = await submitSigned(client, action, { key: readKeyFile(sign), id })
    screen.done(done, () => `${found.name} votes from now on (${toReceipt(done)}).`)
  },
})

import { type Kid, kid as kidShape, Malformed } from '@fedow/ledger'
import { submitSigned } from '../book/admin-tx.ts'
import { readKeyFile } from '../book/key-file.ts'
import { readSubject, subjectValues } from '../book/subject.ts'
import { command, needed } from '../command.ts'
import { Misuse } from '../failure.ts'
import { toReceipt } from '../text/applied.ts'

export const keyRemove = command({
  name: 'key remove',
  summary: 'Take a signing key from a place or wallet',
  details: 'Signed by an admin key of the place or wallet. The last admin key cannot go.',
  options: {
    ...subjectValues,
    kid: needed('kid', 'the key, as "fedow key list" shows it'),
    sign: needed('path', 'the file of an admin key that signs this change'),
  },
  examples: [
    'key remove --place "La Raffinerie" --kid NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --sign raffinerie-admin.pem',
    'key remove --place "Bar du Port" --kid NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --sign admin.pem --json',
  ],
  async run({ client, screen, key: id }, { sign, ...values }) {
    const kid = readKid(values.kid)
    const on = await readSubject(client, values)
    const action = { kind: 'keys-change', on, add: [], remove: [kid] } as const
    const done = await submitSigned(client, action, { key: readKeyFile(sign), id })
    screen.done(done, () => `The key ${kid} is removed (${toReceipt(done)}).`)
  },
})

function readKid(text: string): Kid {
  try {
    return kidShape(text, '')
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    throw new Misuse(`"${text}" is not a key: "fedow key list" shows them. Nothing was sent.`)
  }
}

import { changeKeys } from '@fedow/api'
import { CAPABILITIES, type Capability } from '@fedow/ledger'
import { submitSigned } from '../book/admin-tx.ts'
import { readChoices } from '../book/choice.ts'
import { readKeyFile, readPublicKey } from '../book/key-file.ts'
import { readSubject, subjectValues } from '../book/subject.ts'
import { command, many, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { toReceipt } from '../text/applied.ts'

export const keyAdd = command({
  name: 'key add',
  summary: 'Give a place, a wallet or the network a signing key',
  details:
    'The first one is an admin key, enrolled by this node. From then on an admin key of the place signs every change: name its file with --sign. Keys of the network are given by the operator of the data folder: a second person attests the reserve with --can attest.',
  options: {
    ...subjectValues,
    file: needed('path', 'the key to add: a PEM file, its public half is enough'),
    can: many('capability', `what it may do, admin when absent: ${CAPABILITIES.join(', ')}`),
    sign: text('path', 'the file of an admin key that signs this change'),
  },
  examples: [
    'key add --network --file treasurer.pem --can attest',
    'key add --place "La Raffinerie" --file raffinerie-admin.pem',
    'key add --place "La Raffinerie" --file till-1.pem --can sell --sign raffinerie-admin.pem --json',
  ],
  async run({ client, send, screen, key: id }, { file, sign, ...values }) {
    const on = await readSubject(client, values)
    const chosen = readChoices(values.can, { of: CAPABILITIES, what: 'capability' })
    if (sign === undefined && on !== 'network' && !isFirst(chosen)) {
      throw new Misuse(
        'Without --sign this node adds the first key of a place or wallet, and that is an admin key: leave --can out. Every later key is added by an admin key: name its file with --sign. Nothing was sent.',
      )
    }
    const { x, kid } = readPublicKey(file)
    const add = [{ x, can: chosen.length === 0 ? (['admin'] as const) : chosen }]
    const done =
      sign === undefined
        ? await send(changeKeys, {
            body: { on, add: add.map(({ x, can }) => ({ x, can: [...can] })) },
          })
        : await submitSigned(
            client,
            { kind: 'keys-change', on, add, remove: [] },
            { key: readKeyFile(sign), id },
          )
    screen.done({ kid, ...done }, () => `The key ${kid} is added (${toReceipt(done)}).`)
  },
})

/** What the first key of a place may do: everything. */
function isFirst(chosen: readonly Capability[]): boolean {
  return chosen.length === 0 || chosen.includes('admin')
}

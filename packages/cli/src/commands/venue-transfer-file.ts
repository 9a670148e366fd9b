import { writeFileSync } from 'node:fs'
import { getTransferFile, makeTransferFile, toDecimal } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { readFileId } from '../book/transfer-file.ts'
import { command, many, text } from '../command.ts'
import { Misuse } from '../failure.ts'

export const venueTransferFile = command({
  name: 'venue transfer-file',
  summary: 'Write a file of bank transfers to venues, for the keeper’s bank (SEPA, pain.001)',
  details:
    'Without --pay, every venue with an IBAN gets all that it has earned. The federated euros stay until "fedow venue transfer-done"; what is in a file is in no other. The file names bank accounts: it is readable by you alone.',
  options: {
    pay: many('place[=amount]', 'a venue, and how much of what it has earned'),
    day: text(
      'day',
      'when the bank is to pay, such as 2026-11-24; the next working day when absent',
    ),
    out: text('path', 'where to write it; fedow-transfers-….xml when absent'),
    again: text('file', 'the id of a file that was made before: it is written out once more'),
  },
  examples: [
    'venue transfer-file --out transfers.xml',
    'venue transfer-file --pay "Bar du Port=150.00" --pay "Café" --day 2026-11-24 --json',
  ],
  async run({ client, send, screen }, { pay, day, out, again }) {
    if (again !== undefined && (pay.length > 0 || day !== undefined)) {
      throw new Misuse('A file that was made before stays as it is. Nothing was sent.')
    }
    const transfers = await Promise.all(pay.map((one) => readWish(client, one)))
    const body = {
      ...(day !== undefined && { day }),
      ...(transfers.length > 0 && { transfers }),
    }
    const { file, xml } =
      again === undefined
        ? await send(makeTransferFile, { body })
        : await client.call(getTransferFile, { params: { file: readFileId(again) } })
    const path = out ?? `fedow-transfers-${file.file}.xml`
    write(path, xml, file.file)
    screen.done({ ...file, path }, () =>
      [
        `${toDecimal(file.amount)} euros for ${file.transfers.length} ${file.transfers.length === 1 ? 'venue' : 'venues'} are in ${path}, to be paid on ${file.day}.`,
        `When the bank has paid: fedow venue transfer-done ${file.file} --reference …`,
        `When it never gets the file: fedow venue transfer-cancel ${file.file}`,
      ].join('\n'),
    )
  },
})

async function readWish(client: Parameters<typeof placeNamed>[0], text: string) {
  const [, name = text, amount] = /^(.*)=([^=]*)$/.exec(text) ?? []
  const place = (await placeNamed(client, name)).id
  return { place, ...(amount !== undefined && { amount: readPositive(amount) }) }
}

/** A file that is there already is never written over: the bank may have it. */
function write(path: string, xml: string, file: string): void {
  try {
    writeFileSync(path, xml, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Misuse(
      `The file was made and could not be written: ${why}. Write it with fedow venue transfer-file --again ${file} --out ….`,
    )
  }
}

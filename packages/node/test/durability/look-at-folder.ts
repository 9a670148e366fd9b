/** Recovers and audits a data folder, and prints all that follows from its log: `node look-at-folder.ts <folder>`. */
import { encode, RECORDS, type RecordKind } from '@fedow/ledger'
import { auditFolder } from '../../src/store/audit.ts'
import { openBook } from './verify.ts'

const [folder = ''] = process.argv.slice(2)

function say(what: unknown): void {
  const text = JSON.stringify(what, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  process.stdout.write(`${text}\n`)
}

{
  using book = openBook(folder)
  say(book.reader.tip())
  for (const line of book.reader.lines({ limit: 1_000_000 })) say(line)
  for (const kind of Object.keys(RECORDS) as RecordKind[]) {
    for (const { id, record } of book.state.list(kind, { limit: 1_000_000 })) {
      say(`${kind}/${id} ${encode(record)}`)
    }
  }
}
say(await auditFolder(folder))

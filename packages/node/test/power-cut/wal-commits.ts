import { DatabaseSync } from 'node:sqlite'
import { mark } from './recording.ts'

/** Recorded by recording.test.ts: commits rows one by one, and answers each. */
const [path, synchronous] = process.argv.slice(2)
if (!path || !synchronous) throw new Error('Usage: wal-commits.ts <database> <synchronous>')

const db = new DatabaseSync(path)
db.exec('PRAGMA journal_mode = WAL')
db.exec(`PRAGMA synchronous = ${synchronous}`)
// Small, so that cuts also fall into checkpoints and into a WAL that starts again.
db.exec('PRAGMA wal_autocheckpoint = 20')
db.exec('CREATE TABLE line (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT')
const insert = db.prepare('INSERT INTO line VALUES (?, ?)')
for (let number = 1n; number <= 100n; number++) {
  insert.run(number, `line ${number} `.repeat(50))
  mark(`answered ${number}`)
}
db.close()

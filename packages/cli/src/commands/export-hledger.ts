import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { getStatus, listLines, PAGE_MAX } from '@fedow/api'
import { assert } from '@fedow/ledger'
import { readGenesis } from '@fedow/node'
import { WalletNames } from '../book/wallet-names.ts'
import { type Call, command, text } from '../command.ts'
import { JOURNAL_HEAD, Journal } from '../export/journal.ts'
import { Refused } from '../failure.ts'

export const exportHledger = command({
  name: 'export hledger',
  summary:
    'Write the whole book as a journal that hledger reads, to check every balance with another program',
  options: { output: text('file', 'where to write it; the standard output when absent') },
  examples: ['export hledger > book.journal', 'export hledger --output book.journal'],
  async run(call, { output }) {
    const { screen } = call
    const written = { lines: 0 }
    const texts = journal(call, written)
    if (output !== undefined) {
      const file = resolve(output)
      await writeTo(file, texts)
      const help = `Try: hledger -f ${file} balance`
      screen.done({ file, ...written }, () => `${written.lines} lines are in ${file}. ${help}`)
    } else if (screen.isJson) {
      const journal = (await Array.fromAsync(texts)).join('')
      screen.answer({ ...written, journal }, () => journal)
    } else {
      for await (const text of texts) await screen.pour(text)
    }
  },
})

async function writeTo(file: string, texts: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(texts), createWriteStream(file))
  } catch (cause) {
    const isOfFile = cause instanceof Error && 'syscall' in cause && 'path' in cause
    if (!isOfFile) throw cause
    throw new Refused(`The journal was not written whole: ${cause.message}. The book is as it was.`)
  }
}

/** Every line, oldest first. */
async function* journal(
  { client, screen, stop, config }: Call,
  written: { lines: number },
): AsyncGenerator<string> {
  const { wallet: keeper } = readGenesis(config.folder).genesis
  const journal = new Journal(await WalletNames.read(client), keeper)
  const { lines: total } = await client.call(getStatus, {})
  using progress = screen.progress('Export')
  yield JOURNAL_HEAD
  for (;;) {
    if (stop.aborted) throw stopped(written.lines)
    const query = { after: written.lines, limit: PAGE_MAX }
    const { lines } = await client.call(listLines, { query })
    for (const line of lines) {
      assert(line.number === written.lines + 1, 'the lines of a book have no gap')
      yield await journal.entry(line)
      written.lines += 1
    }
    progress.update(written.lines, Math.max(written.lines, total))
    if (lines.length < PAGE_MAX) return
  }
}

function stopped(lines: number): Refused {
  return new Refused(
    `The export was stopped after ${lines} lines: the journal is incomplete. The book is as it was. Start the export again.`,
  )
}

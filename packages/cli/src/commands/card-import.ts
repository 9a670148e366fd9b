import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { type AnswerOf, CARD_FILE_MAX, importCards, NoAnswerError, ProblemError } from '@fedow/api'
import { CARD_LEVELS, type CardLevel } from '@fedow/ledger'
import { watchImport } from '../book/import-watch.ts'
import { placeNamed } from '../book/named.ts'
import { type Call, command, flag, needed, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'

type Report = AnswerOf<typeof importCards>

export const cardImport = command({
  name: 'card import',
  summary: 'Check the file of a card printer, and register its cards with --apply',
  details:
    'One card a line: QR address, printed number, tag id. Without --apply nothing is changed. A file with faults is refused as a whole, unless --skip-faulty leaves the faulty lines out.',
  arguments: { file: needed('file', 'the file as the printer sent it') },
  options: {
    place: needed('place', 'who ordered the cards: its name or id'),
    generation: needed('number', 'the number of the order, as printed on the cards'),
    level: text(
      'level',
      `how surely a card is the one it says: ${CARD_LEVELS.join(', ')}; L0 when absent`,
    ),
    apply: flag('register the cards'),
    skipFaulty: flag('leave faulty lines out, and register the others'),
  },
  examples: [
    'card import demo/cards-raffinerie-1.csv --place "La Raffinerie" --generation 1',
    'card import demo/cards-raffinerie-1.csv --place "La Raffinerie" --generation 1 --apply',
  ],
  async run(call, values) {
    const { screen, client } = call
    const body = {
      generation: readGeneration(values.generation),
      level: readLevel(values.level),
      file: readCardFile(values.file),
      place: (await placeNamed(client, values.place)).id,
      fileName: basename(values.file),
      apply: values.apply,
      skipFaulty: values.skipFaulty,
    }
    const report = await send(call, body)
    const isRefused = report.faults.length > 0 && !(values.skipFaulty && report.rows > 0)
    for (const { line, column = 'line', message } of report.faults) {
      screen.warn(`${values.file}:${line} ${column}: ${message}`)
    }
    for (const { line, message } of report.notes)
      screen.note(`${values.file}:${line} note: ${message}`)
    if (isRefused) throw toRefusal(values.file, report)
    screen.answer(report, () => toText(report))
  },
})

type Body = Parameters<typeof watchImport>[1] & { readonly file: string }

/** Sends the file, and shows how far its cards are registered. */
async function send(call: Call, body: Body & { readonly apply: boolean }): Promise<Report> {
  const { client, screen, stop } = call
  using progress = screen.progress(body.apply ? 'Registering cards' : 'Checking cards')
  const watch = body.apply ? watchImport(client, body, progress) : undefined
  try {
    return await client.call(importCards, { body })
  } catch (cause) {
    const registered = (await watch?.stop()) ?? 0
    if (stop.aborted && isInterruption(cause)) throw toInterrupted(registered)
    throw cause
  } finally {
    await watch?.stop()
  }
}

function isInterruption(cause: unknown): boolean {
  if (cause instanceof NoAnswerError) return true
  return cause instanceof ProblemError && cause.problem.code === 'stopping'
}

function toInterrupted(registered: number): Refused {
  return new Refused(
    `The import was stopped; ${registered} card(s) of it are seen in the book. No money moved. What was begun goes on by itself when the node of this folder runs again (fedow start); the same command then tells which cards it knows already.`,
    { interrupted: true, registered },
  )
}

function toRefusal(file: string, report: Report): Refused {
  const { faults, rows } = report
  const help =
    rows === 0 && faults.length > 0
      ? 'Correct the file, or leave the faulty lines out with --skip-faulty.'
      : 'Correct the file.'
  return new Refused(
    `${file} has ${faults.length} fault(s): no card was registered. ${help}`,
    report,
  )
}

function toText({ rows, skipped, faults, registered, batch }: Report): string {
  const left = skipped === 0 ? '' : ` ${skipped} faulty line(s) are left out.`
  if (registered !== undefined) return `${registered} cards are registered (order ${batch}).${left}`
  const state = faults.length === 0 ? 'The file is right' : 'Faults are left out'
  return `${state}: ${rows} cards would be registered.${left} Nothing was changed; add --apply to do it.`
}

function readCardFile(path: string): string {
  try {
    // Base64 adds a third, and the request has its limit.
    if (statSync(path).size > (CARD_FILE_MAX / 4) * 3 - 4_096) {
      throw new Refused(`${path} is too large for one import. Nothing was sent. Cut it in parts.`)
    }
    return readFileSync(path).toString('base64')
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Misuse(`The card file cannot be read: ${why}. Nothing was sent.`)
  }
}

function readGeneration(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Misuse(`--generation is a whole number, not "${text}". Nothing was sent.`)
}

function readLevel(text: string | undefined): CardLevel {
  const level = CARD_LEVELS.find((one) => one === (text ?? 'L0'))
  if (level !== undefined) return level
  throw new Misuse(`--level is one of ${CARD_LEVELS.join(', ')}, not "${text}". Nothing was sent.`)
}

/** Lines since the import, as v1 keeps lines. They have the hash that clients have seen, which v1 does not compute again. */
import { type Line, ONLY } from '@fedow/ledger'
import { parseDatetime } from '../codec/scalars.ts'
import { toV1Action } from '../objects/labels.ts'
import { lineNotes } from '../objects/line-notes.ts'
import { isShown, Lines } from '../objects/lines.ts'
import { toV1Id, toV1Moment } from '../store/v1-file.ts'
import type { BackMeans } from './registry-back.ts'

const PAGE = 1_000

/** Answers how many lines were added. */
export function writeLines(means: BackMeans): number {
  const { book, file } = means
  const lines = new Lines(book)
  let last = book.state.get('import', ONLY)?.line ?? 0
  let added = 0
  for (;;) {
    const page = book.linesAfter(last, PAGE)
    for (const line of page) {
      if (!isShown(book, line)) continue
      file.insert('transaction', rowOf(means, line, lines))
      added += 1
    }
    const end = page.at(-1)
    if (end === undefined) return added
    last = end.number
  }
}

function rowOf(means: BackMeans, line: Line, lines: Lines) {
  const { comment, metadata, start } = lineNotes(means, line)
  const at = toV1Moment(line.timeUs)
  const startUs = start === null ? undefined : parseDatetime(start)?.timeUs
  return {
    ...{ uuid: toV1Id(line.id), hash: line.hash, ip: '127.0.0.1', datetime: at, last_check: at },
    ...{
      action: toV1Action(line.action) ?? line.action,
      amount: Number(line.amount),
      asset_id: toV1Id(line.asset),
    },
    ...{ sender_id: toV1Id(line.from), receiver_id: toV1Id(line.to) },
    card_id: line.card && toV1Id(line.card),
    primary_card_id: line.primary && toV1Id(line.primary),
    previous_transaction_id: toV1Id(lines.previousId(line)),
    ...{ comment, metadata: metadata?.text ?? null, subscription_type: 'NO' },
    subscription_start_datetime: startUs === undefined ? null : toV1Moment(startUs),
  }
}

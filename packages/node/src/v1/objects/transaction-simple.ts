import { assert, type Line } from '@fedow/ledger'
import { type Json, printWire, RawJson } from '../codec/json.ts'
import { formatDatetime } from '../codec/scalars.ts'
import { ACTION_LABELS, toV1Action } from './labels.ts'
import { type LineNotes, lineNotes, type NotesMeans } from './line-notes.ts'
import type { Lines } from './lines.ts'
import { Recent } from './recent.ts'
import { walletName } from './wallet-name.ts'

export interface SimpleMeans extends NotesMeans {
  readonly lines: Lines
}

/** Characters in one generation of what was printed lately: metadata of a till may be long. */
const CHARACTERS_KEPT = 16_000_000
/**
 * The same of lines whose request is being answered: each answer shows its own line several times. Kept for longer, all
 * metadata of a rush would be copied twice by the collector of young memory before the card comes back.
 */
const CHARACTERS_KEPT_FRESH = 100_000

/** A line as it was printed, with the names of then. */
interface Kept {
  readonly notes: LineNotes
  sender: string
  receiver: string
  json: RawJson | undefined
}

/** TransactionSimple, section 3.9 of the wire, and what every form of a transaction says. */
export class SimpleObjects {
  readonly #means: SimpleMeans
  readonly #kept = new Recent<number, Kept>(CHARACTERS_KEPT, charactersOf)
  readonly #fresh = new Recent<number, Kept>(CHARACTERS_KEPT_FRESH, charactersOf)

  constructor(means: SimpleMeans) {
    this.#means = means
  }

  /** The same value as long as the names in it do not change. */
  json(line: Line): RawJson {
    const { book } = this.#means
    const sender = walletName(book, line.from)
    const receiver = walletName(book, line.to)
    const kept = this.#keptOf(line)
    if (kept.json !== undefined && kept.sender === sender && kept.receiver === receiver) {
      return kept.json
    }
    const names = { sender_name: sender, receiver_name: receiver }
    const json = new RawJson(
      printWire({ ...this.head(line), ...names, ...this.body(line), ...this.tail(line) }),
    )
    Object.assign(kept, { sender, receiver, json })
    return json
  }

  /** Up to `receiver`. */
  head(line: Line): Readonly<Record<string, Json>> {
    const action = toV1Action(line.action)
    assert(action !== undefined, 'a line that v1 sees has an action that v1 knows')
    const time = this.time(line)
    const { start, past } = this.notes(line)
    return {
      uuid: line.id,
      action,
      get_action_display: ACTION_LABELS[action],
      hash: line.imported?.hash ?? line.hash,
      datetime: time,
      subscription_first_datetime: past?.subscriptionFirst ?? null,
      subscription_start_datetime: start,
      subscription_type: past?.subscriptionType ?? 'NO',
      last_check: past === undefined ? time : past.checked,
      sender: line.from,
      receiver: line.to,
    }
  }

  /** From `asset` to `metadata`. */
  body(line: Line): Readonly<Record<string, Json>> {
    const { comment, metadata } = this.notes(line)
    return { asset: line.asset, amount: line.amount, comment, metadata }
  }

  /** From `primary_card` on. */
  tail(line: Line): Readonly<Record<string, Json>> {
    return {
      primary_card: line.primary,
      previous_transaction: this.#means.lines.previousId(line),
      verify_hash: this.notes(line).past?.isRight ?? true,
    }
  }

  /** When it happened; of the first line of an asset that was made here, when the asset says that it was made. */
  time(line: Line): string {
    const { state } = this.#means.book
    const isFirst = line.action === 'FST' && line.imported === undefined
    const madeUs = isFirst ? state.get('asset', line.asset)?.createdUs : undefined
    return formatDatetime(madeUs ?? line.timeUs)
  }

  notes(line: Line): LineNotes {
    return this.#keptOf(line).notes
  }

  #keptOf(line: Line): Kept {
    const known = this.#kept.get(line.number) ?? this.#fresh.get(line.number)
    if (known !== undefined) return known
    const kept = { notes: lineNotes(this.#means, line), sender: '', receiver: '', json: undefined }
    const isFresh = this.#means.store.requests.isHeld(line.tx)
    const memory = isFresh ? this.#fresh : this.#kept
    memory.set(line.number, kept)
    return kept
  }
}

function charactersOf({ notes }: Kept): number {
  return 2 * (notes.metadata?.text.length ?? 0) + 1_500
}

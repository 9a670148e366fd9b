/**
 * A request that is sent again gets the answer that it had, also when an asset was shared since, a card became a primary
 * one, or a place has got another domain. Of such a past the book knows nothing. So a text is noted when an answer shows
 * it first: from the line after the last one of which an answer has shown the text before it.
 */
import type { BookReader } from '../../store/book-reader.ts'
import type { V1Store } from '../store/v1-store.ts'

interface Shown {
  readonly text: string
  /** Number of the first line of which answers show it. */
  readonly since: number
  /** Number of the last line of which an answer has shown it, or may have before this program began. */
  upTo: number
}

interface ShownMeans {
  readonly book: BookReader
  readonly store: Pick<V1Store, 'shown'>
}

export interface Showing {
  /** Of what is shown, unique. */
  readonly name: string
  /** How it looks now. */
  readonly text: string
  /** How it looks unless something was noted: such a text is not noted. */
  readonly usual?: string
}

/** Most texts of which it is remembered where they were shown last. */
const REMEMBERED_MAX = 20_000

export class ShownThen {
  readonly #store: ShownMeans['store']
  /** Of what is not remembered, no answer about a later line has shown anything. */
  #forgottenUpTo: number
  readonly #shown = new Map<string, Shown>()

  constructor({ book, store }: ShownMeans) {
    this.#store = store
    this.#forgottenUpTo = book.tip().lines
  }

  /** What answers about the line of this number show. */
  textAt(showing: Showing, line: number): string {
    const { name, text, usual } = showing
    const known = this.#shown.get(name)
    const shown = known?.text === text ? known : this.#note(showing, known)
    if (line < shown.since) return this.#store.shown.at(name, line) ?? usual ?? text
    if (line > shown.upTo) shown.upTo = line
    return text
  }

  #note({ name, text, usual }: Showing, before: Shown | undefined): Shown {
    const upTo = before?.upTo ?? this.#forgottenUpTo
    const last = this.#store.shown.last(name)
    const isNew = (last?.text ?? usual) !== text
    const isFirst = last === undefined && usual === undefined
    const since = isNew ? (isFirst ? 0 : upTo + 1) : (last?.since ?? 0)
    if (isNew) this.#store.shown.put(name, since, text)
    const shown = { text, since, upTo }
    if (this.#shown.size >= REMEMBERED_MAX) this.#forget()
    this.#shown.set(name, shown)
    return shown
  }

  #forget(): void {
    for (const { upTo } of this.#shown.values()) {
      this.#forgottenUpTo = Math.max(this.#forgottenUpTo, upTo)
    }
    this.#shown.clear()
  }
}

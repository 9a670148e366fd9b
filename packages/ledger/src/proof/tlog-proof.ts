/** The inclusion proof of a receipt as tools for transparency logs read it. Source: c2sp.org/tlog-proof. */
import { fromBase64, toBase64 } from '../bytes.ts'
import { Malformed } from '../shape.ts'
import { parseDecimal, parseRoot } from './checkpoint.ts'
import { parseNote } from './note.ts'
import { INCLUSION_MAX } from './receipt.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'

/** A leaf's place in a log, and the checkpoint that vouches for it. */
export interface TlogProof {
  readonly index: number
  /** 32 bytes each, the leaf's sibling first. */
  readonly hashes: readonly Uint8Array[]
  /** The signed note, with its co-signatures. */
  readonly checkpoint: string
  /** What the maker adds: nobody vouches for it. At least one byte. */
  readonly extra?: Uint8Array
}

/** Writes the text of a proof. */
export function encodeTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra ? [`extra ${toBase64(extra)}`] : []),
    `index ${index}`,
    ...hashes.map(toBase64),
  ]
  return `${lines.join('\n')}\n\n${checkpoint}`
}

/** Reads the text of a proof strictly; verifies nothing. */
export function parseTlogProof(text: string): TlogProof | Malformed {
  const blank = text.indexOf('\n\n')
  if (blank === -1) return new Malformed('proof', 'lines, an empty line, then a checkpoint')
  const [header, ...lines] = text.slice(0, blank).split('\n')
  if (header !== HEADER) return new Malformed('line 1', HEADER)
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()?.slice(6) ?? '') : null
  if (extra === undefined || extra?.length === 0) return new Malformed('line 2', 'extra and base64')
  const [place = '', ...siblings] = lines
  const index = place.startsWith('index ') ? parseDecimal(place.slice(6)) : undefined
  if (index === undefined) return new Malformed('index', 'index and a number')
  const hashes = siblings.flatMap((line) => parseRoot(line) ?? [])
  if (hashes.length !== siblings.length || hashes.length > INCLUSION_MAX) {
    return new Malformed('hashes', `at most ${INCLUSION_MAX} lines of base64 of 32 bytes`)
  }
  const checkpoint = text.slice(blank + 2)
  const note = parseNote(checkpoint)
  if (note instanceof Malformed) return note
  return { index, hashes, checkpoint, ...(extra && { extra }) }
}

/** A receipt as a QR code: `FEDOW1:` and base45 of its JSON, deflated. Source: docs/spec/receipts.md, "QR codes". */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { fromUtf8, PROOF_FILE_MAX, toUtf8 } from '@fedow/ledger'
import { encodeQR } from 'qr'
import { fromBase45, toBase45 } from './base45.ts'

const PREFIX = 'FEDOW1:'
/** Characters that the largest code holds: version 40, error correction L, alphanumeric. */
export const QR_TEXT_MAX = 4_296
/** Light modules around a code on paper, as its standard wants them; on a screen, as readers need them. */
const BORDER = { paper: 4, screen: 2 }
const OPTIONS = { ecc: 'low', encoding: 'alphanumeric' } as const

/** What a QR code of a receipt says. It may be too long for one: `QR_TEXT_MAX`. */
export function toQrText(receipt: string): string {
  return `${PREFIX}${toBase45(deflateRawSync(toUtf8(receipt), { level: 9, memLevel: 9 }))}`
}

/** True for what somebody meant to be the text of a code. */
export function isQrText(text: string): boolean {
  return text.startsWith(PREFIX)
}

/** The receipt in the text of a code, or `undefined` when the text is not whole. */
export function fromQrText(text: string): string | undefined {
  const bytes = isQrText(text) ? fromBase45(text.slice(PREFIX.length)) : undefined
  const json = bytes && inflate(bytes)
  return bytes === undefined || json === undefined || hasIdleBit(bytes, json) ? undefined : json
}

function inflate(bytes: Uint8Array): string | undefined {
  try {
    // With `info`, which its types do not know, it tells how many bytes it has used.
    const found: unknown = inflateRawSync(bytes, { maxOutputLength: PROOF_FILE_MAX, info: true })
    const { buffer, engine } = found as { buffer: Uint8Array; engine: { bytesWritten: number } }
    return engine.bytesWritten === bytes.length ? fromUtf8(buffer) : undefined
  } catch (cause) {
    const { code = '' } = cause as { code?: string }
    if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw cause
  }
}

/** True when the last byte has a bit beyond the end of the stream: somebody changed what nothing else would show. */
function hasIdleBit(bytes: Uint8Array, json: string): boolean {
  const last = bytes.at(-1) ?? 0
  if (last === 0) return false
  const without = Uint8Array.from(bytes)
  without[bytes.length - 1] = last & ~(1 << Math.floor(Math.log2(last)))
  return inflate(without) === json
}

/** A picture for print, black on white. */
export function toSvg(text: string): string {
  const svg = encodeQR(text, 'svg', { ...OPTIONS, border: BORDER.paper })
  return svg.replace('>', '><rect width="100%" height="100%" fill="#fff"/>')
}

/** Rows of half blocks, light on dark, for a terminal. */
export function toRows(text: string): readonly string[] {
  return encodeQR(text, 'ascii', { ...OPTIONS, border: BORDER.screen })
    .split('\n')
    .filter((row) => row !== '')
}

import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { decodeQR } from 'qr/decode.js'
import { describe, expect, it } from 'vitest'
import { toBase45 } from './base45.ts'
import { fromQrText, isQrText, QR_TEXT_MAX, toQrText, toRows, toSvg } from './receipt-qr.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/** About as long and as disorderly as a receipt. */
function receiptLike(bytes = 900): string {
  const tx = createHash('shake256', { outputLength: bytes }).update('receipt').digest('base64url')
  return JSON.stringify({ kind: 'receipt', tx })
}

describe('the text of a QR code', () => {
  it('is the receipt again when it is read', () => {
    for (let round = 1; round < 50; round += 1) {
      const receipt = receiptLike(round * 20)
      expect(fromQrText(toQrText(receipt))).toBe(receipt)
    }
  })

  it('has only characters that a code packs densely', () => {
    const text = toQrText(receiptLike())
    expect(isQrText(text)).toBe(true)
    expect([...text].every((sign) => ALPHABET.includes(sign))).toBe(true)
  })

  it('is not the receipt any more with any character changed, doubled or taken out', () => {
    const receipt = receiptLike(60)
    const text = toQrText(receipt)
    for (let at = 0; at < text.length; at += 1) {
      const others = [...ALPHABET].filter((sign) => sign !== text[at])
      for (const instead of ['', `${text[at]}${text[at]}`, ...others]) {
        const changed = text.slice(0, at) + instead + text.slice(at + 1)
        expect(fromQrText(changed), `${at}: ${instead}`).not.toBe(receipt)
      }
    }
  })

  it('is none with more behind it, nor with what does not end', () => {
    const text = toQrText('{"kind":"receipt"}')
    for (const more of ['0', '00', '000', ' ', '\n'])
      expect(fromQrText(text + more)).toBeUndefined()
    expect(fromQrText('FEDOW1:')).toBeUndefined()
    expect(fromQrText('{"kind":"receipt"}')).toBeUndefined()
  })

  it('does not grow beyond what a receipt may be', () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000))
    expect(fromQrText(`FEDOW1:${toBase45(bomb)}`)).toBeUndefined()
  })
})

describe('the picture of a QR code', () => {
  it('is read in a terminal by a scanner', () => {
    const receipt = receiptLike()
    expect(fromQrText(scan(fromRows(toRows(toQrText(receipt)))))).toBe(receipt)
  })

  it('is read on paper by a scanner', () => {
    const receipt = receiptLike()
    expect(fromQrText(scan(fromSvg(toSvg(toQrText(receipt)))))).toBe(receipt)
  })

  it('holds as much as the largest code does, and no more', () => {
    const largest = 'A'.repeat(QR_TEXT_MAX)
    expect(toRows(largest)[0]).toHaveLength(177 + 4)
    expect(() => toRows(`${largest}A`)).toThrow()
  })
})

/** Modules of a picture, row by row: true where it is dark. */
type Modules = readonly (readonly boolean[])[]

/** Upper and lower half blocks are light. */
function fromRows(rows: readonly string[]): Modules {
  return rows.flatMap((row) => [
    [...row].map((sign) => !'█▀'.includes(sign)),
    [...row].map((sign) => !'█▄'.includes(sign)),
  ])
}

/** Draws the squares of the path. */
function fromSvg(svg: string): Modules {
  const [, width = '0', height = '0'] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []
  const rows = Array.from({ length: Number(height) }, () => new Array(Number(width)).fill(false))
  let [x, y] = [0, 0]
  const squares = /([Mm])(-?\d+) (-?\d+)h1v1[Hh]-?\d+Z/gy
  for (const [, command, across, down] of pathOf(svg).matchAll(squares)) {
    x = Number(across) + (command === 'm' ? x : 0)
    y = Number(down) + (command === 'm' ? y : 0)
    const row = rows[y]
    if (row === undefined) throw new Error(`row ${y} is in the picture`)
    row[x] = true
  }
  return rows
}

function pathOf(svg: string): string {
  return /<path d="([^"]*)"/.exec(svg)?.[1] ?? ''
}

/** Reads a picture as a camera has it: several points a module. */
function scan(modules: Modules): string {
  const scale = 4
  const [width, height] = [(modules[0]?.length ?? 0) * scale, modules.length * scale]
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] !== true) continue
      data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  }
  return decodeQR({ width, height, data })
}

import { describe, expect, it } from 'vitest'
import { vectorBook } from '../../test/proof-book.ts'
import { Malformed } from '../shape.ts'
import { encodeTlogProof, parseTlogProof } from './tlog-proof.ts'

const PARTS = vectorBook().parts('sale', { witnesses: ['witness.example'] })
const PROOF = { index: PARTS.index, hashes: PARTS.hashes, checkpoint: PARTS.checkpoint }
const TEXT = encodeTlogProof(PROOF)
const INDEX = `index ${PARTS.index}`

describe('a proof for tools of transparency logs', () => {
  it('comes back as it was, with and without something extra', () => {
    expect(TEXT.startsWith(`c2sp.org/tlog-proof@v1\n${INDEX}\n`)).toBe(true)
    expect(TEXT.endsWith(`=\n\n${PARTS.checkpoint}`)).toBe(true)
    expect(parseTlogProof(TEXT)).toEqual(PROOF)
    const more = { ...PROOF, extra: Uint8Array.of(1, 2, 3) }
    expect(encodeTlogProof(more)).toBe(TEXT.replace(INDEX, `extra AQID\n${INDEX}`))
    expect(parseTlogProof(encodeTlogProof(more))).toEqual(more)
    const alone = { ...PROOF, hashes: [] }
    expect(parseTlogProof(encodeTlogProof(alone))).toEqual(alone)
  })

  it.each([
    ['of another version', TEXT.replace('@v1', '@v2')],
    ['without an index', TEXT.replace(`${INDEX}\n`, '')],
    ['with a leading zero', TEXT.replace(INDEX, `index 0${PARTS.index}`)],
    ['with an index below zero', TEXT.replace(INDEX, 'index -1')],
    ['with an empty extra', TEXT.replace(INDEX, `extra \n${INDEX}`)],
    ['with an extra that is no base64', TEXT.replace(INDEX, `extra AQI\n${INDEX}`)],
    ['with its extra after the index', TEXT.replace(INDEX, `${INDEX}\nextra AQID`)],
    ['with a hash of 31 bytes', TEXT.replace(INDEX, `${INDEX}\n${'A'.repeat(40)}AA==`)],
    ['with too many hashes', TEXT.replace(INDEX, `${INDEX}${`\n${'A'.repeat(43)}=`.repeat(53)}`)],
    ['with carriage returns', TEXT.replaceAll('\n', '\r\n')],
    ['without a checkpoint', TEXT.slice(0, TEXT.indexOf('\n\n') + 2)],
    ['without an empty line', TEXT.replace('\n\n', '\n')],
    ['cut short', TEXT.slice(0, -1)],
  ])('is malformed %s', (_, text) => {
    expect(text).not.toBe(TEXT)
    expect(parseTlogProof(text)).toBeInstanceOf(Malformed)
  })
})

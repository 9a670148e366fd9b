import { describe, expect, it } from 'vitest'
import { cosignature, logKey, logSignature, witnessKey } from '../../test/proof-book.ts'
import { toHex } from '../bytes.ts'
import { nobleHash } from '../hash.ts'
import type { ChainId, Hex32 } from '../ids.ts'
import { Malformed } from '../shape.ts'
import { nobleVerify } from '../signature.ts'
import {
  type BlockHeader,
  blockHash,
  type Checkpoint,
  checkSignatures,
  cosignedMessage,
  encodeCheckpoint,
  encodeHeader,
  NO_PARENT,
  parseCheckpoint,
  verifyNote,
} from './checkpoint.ts'
import { keyId, type NoteSignature, parseNote, type VerifierKey } from './note.ts'

const MEANS = { hash: nobleHash, verify: nobleVerify }
const CHAIN = '00112233445566778899aabbccddeeff' as ChainId
const CHECKPOINT: Checkpoint = {
  chain: CHAIN,
  size: 20_852_163,
  root: new Uint8Array(32).fill(1),
  state: new Uint8Array(32).fill(2),
  height: 7_341,
  block: new Uint8Array(32).fill(255),
}
const TEXT = encodeCheckpoint(CHECKPOINT)
const LOG = logKey('log', CHAIN)
const WITNESS = witnessKey('witness.example')
const TIME_S = 1_767_229_200

describe('the text of a checkpoint', () => {
  it('is six lines, and comes back as it was', () => {
    expect(TEXT).toBe(
      [
        'fedow/00112233445566778899aabbccddeeff',
        '20852163',
        'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
        'state AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=',
        'height 7341',
        'block //////////////////////////////////////////8=',
        '',
      ].join('\n'),
    )
    expect(parseCheckpoint(TEXT)).toEqual(CHECKPOINT)
  })

  it.each([
    ['of another log', 'line 1', TEXT.replace('fedow/', 'example.com/')],
    ['of a chain in upper case', 'line 1', TEXT.replace('aabb', 'AABB')],
    ['with a leading zero in its size', 'line 2', TEXT.replace('20852163', '020852163')],
    ['with a signed size', 'line 2', TEXT.replace('20852163', '+20852163')],
    ['with a size that no number holds', 'line 2', TEXT.replace('20852163', '9007199254740993')],
    ['with a root of 31 bytes', 'line 3', TEXT.replace('AQE=', 'AQ==')],
    ['with another spelling of its root', 'line 3', TEXT.replace('AQE=', 'AQF=')],
    ['without its state', 'line 4', TEXT.replace('state ', '')],
    ['with its state under another word', 'line 4', TEXT.replace('state', 'State')],
    ['with a height below zero', 'line 5', TEXT.replace('height ', 'height -')],
    ['with an empty height', 'line 5', TEXT.replace('height 7341', 'height ')],
    ['with two spaces', 'line 6', TEXT.replace('block ', 'block  ')],
    ['with a line more', 'checkpoint', `${TEXT}more\n`],
    ['without its last line break', 'checkpoint', TEXT.slice(0, -1)],
  ])('is malformed %s', (_, path, text) => {
    expect(text).not.toBe(TEXT)
    expect(parseCheckpoint(text)).toMatchObject({ path })
  })
})

describe('the signatures of a checkpoint', () => {
  const own = logSignature('log', LOG, TEXT)
  const witnessed = cosignature('witness.example', TIME_S, TEXT)

  it('hold, with the time of the witness', () => {
    expect(check([own, witnessed], [LOG, WITNESS])).toEqual([
      { key: LOG, isValid: true },
      { key: WITNESS, timeS: TIME_S, isValid: true },
    ])
  })

  it('cover the text, the time and the header line of C2SP', () => {
    const text = new TextDecoder().decode(cosignedMessage(TIME_S, TEXT))
    expect(text).toBe(`cosignature/v1\ntime 1767229200\n${TEXT}`)
    const later = Uint8Array.from(witnessed.bytes)
    later[7] = (later[7] ?? 0) + 1
    expect(holds([own, { ...witnessed, bytes: later }], [LOG, WITNESS])).toBe(false)
  })

  it('are read as in the example of C2SP', () => {
    const note = parseNote(
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
        '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
        '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n',
    )
    if (note instanceof Malformed) throw new Error(note.expected)
    const [log, witness] = note.signatures
    expect([toHex(log?.id ?? new Uint8Array()), log?.bytes.length]).toEqual(['033de0ae', 64])
    expect([toHex(witness?.id ?? new Uint8Array()), witness?.bytes.length]).toEqual([
      '8d66cf3f',
      72,
    ])
    const time = witness?.bytes.subarray(0, 8) ?? new Uint8Array()
    expect(Number(`0x${toHex(time)}`)).toBe(1_679_315_147)
  })

  it('of a log do not stand for those of a witness, nor the other way', () => {
    const asWitness: VerifierKey = { ...LOG, type: 4 }
    const asLog: VerifierKey = { ...WITNESS, type: 1 }
    const renamed = { ...own, id: keyId(nobleHash, asWitness) }
    expect(check([renamed], [asWitness])).toEqual([{ key: asWitness, isValid: false }])
    const other = { ...witnessed, id: keyId(nobleHash, asLog) }
    expect(check([other], [asLog])).toEqual([{ key: asLog, isValid: false }])
    expect(check([own, witnessed], [asWitness, asLog])).toEqual([])
  })

  it('refuse the whole note when one of a known key fails, and only then', () => {
    const wrong = cosignature('witness.example', TIME_S, `${TEXT}more`)
    expect(holds([own, witnessed], [LOG, WITNESS])).toBe(true)
    expect(holds([own, wrong], [LOG, WITNESS])).toBe(false)
    expect(holds([own, wrong], [LOG])).toBe(true)
    expect(holds([own], [])).toBe(false)
  })

  it('refuse what verifiers differ on, whatever the verifier says', () => {
    const credulous = { hash: nobleHash, verify: () => true }
    const note = { text: TEXT, signatures: [own] }
    expect(checkSignatures(credulous, note, [LOG])).toEqual([{ key: LOG, isValid: true }])
    const loose = Uint8Array.from(own.bytes)
    loose[63] = 0xff
    const unsound = { ...note, signatures: [{ ...own, bytes: loose }] }
    expect(checkSignatures(credulous, unsound, [LOG])).toEqual([{ key: LOG, isValid: false }])
    const identity: VerifierKey = { ...LOG, x: Uint8Array.of(1, ...new Uint8Array(31)) }
    const weak = { ...note, signatures: [{ ...own, id: keyId(nobleHash, identity) }] }
    expect(checkSignatures(credulous, weak, [identity])).toEqual([
      { key: identity, isValid: false },
    ])
    for (const bytes of [own.bytes.subarray(1), new Uint8Array(73), new Uint8Array(72)]) {
      expect(holds([{ ...own, bytes }], [LOG])).toBe(false)
    }
  })

  it('of a time beyond every calendar are refused', () => {
    const edge = cosignature('witness.example', 9_000_000_000, TEXT)
    const beyond = cosignature('witness.example', 9_000_000_001, TEXT)
    expect(holds([edge], [WITNESS])).toBe(true)
    expect(holds([beyond], [WITNESS])).toBe(false)
  })
})

describe('the hash of a block', () => {
  const zeros = '0'.repeat(64) as Hex32
  const header: BlockHeader = {
    chain: CHAIN,
    height: 3,
    timeUs: 1_767_225_600_000_000,
    parent: NO_PARENT,
    txs: zeros,
    state: zeros,
    history: zeros,
  }

  it('is that of the canonical JSON of its header', () => {
    const json = `{"chain":"${CHAIN}","height":3,"history":"${zeros}","parent":"${zeros}","state":"${zeros}","timeUs":1767225600000000,"txs":"${zeros}"}`
    expect(encodeHeader(header)).toBe(json)
    expect(blockHash(nobleHash, header)).toBe(toHex(nobleHash(new TextEncoder().encode(json))))
  })

  it('changes with every member', () => {
    const ones = '1'.repeat(64) as Hex32
    const changes: readonly Partial<BlockHeader>[] = [
      { chain: 'ffeeddccbbaa99887766554433221100' as ChainId },
      { height: 4 },
      { timeUs: 0 },
      { parent: ones },
      { txs: ones },
      { state: ones },
      { history: ones },
    ]
    const hashes = changes.map((change) => blockHash(nobleHash, { ...header, ...change }))
    expect(new Set([blockHash(nobleHash, header), ...hashes]).size).toBe(8)
  })
})

function check(signatures: readonly NoteSignature[], keys: readonly VerifierKey[]) {
  return checkSignatures(MEANS, { text: TEXT, signatures }, keys)
}

function holds(signatures: readonly NoteSignature[], keys: readonly VerifierKey[]): boolean {
  return verifyNote(MEANS, { text: TEXT, signatures }, keys) !== undefined
}

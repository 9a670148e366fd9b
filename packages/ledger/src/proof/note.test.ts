import { describe, expect, it } from 'vitest'
import { toKey } from '../../test/names.ts'
import { concat, fromBase64url, toBase64, toHex } from '../bytes.ts'
import { nobleHash } from '../hash.ts'
import { Malformed } from '../shape.ts'
import { nobleVerify } from '../signature.ts'
import { checkSignatures, verifyNote } from './checkpoint.ts'
import {
  encodeNote,
  encodeVerifierKey,
  keyId,
  NOTE_MAX,
  type Note,
  parseNote,
  parseVerifierKey,
  SIGNATURES_MAX,
  signatureLine,
  type VerifierKey,
} from './note.ts'

const MEANS = { hash: nobleHash, verify: nobleVerify }

/** The note and the keys in the documentation of Go's golang.org/x/mod/sumdb/note. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const BY_PETER =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const BY_ENOCH =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'
const NOTE = `${TEXT}\n${BY_PETER}${BY_ENOCH}`

describe('a signed note', () => {
  it('of the Go documentation holds, by both its keys', () => {
    const keys = [PETER, ENOCH].map(readKey)
    const checked = checkSignatures(MEANS, read(NOTE), keys)
    expect(checked).toEqual(keys.map((key) => ({ key, isValid: true })))
  })

  it('of the C2SP texts is read to the byte', () => {
    const text =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n'
    const line =
      '\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n'
    const note = read(`${text}\n${line}`)
    expect(note.text).toBe(text)
    expect(note.signatures.map(({ name, id }) => [name, toHex(id)])).toEqual([
      ['quasimodo.example/salvatore', '367ba04b'],
    ])
    expect(encodeNote(note)).toBe(`${text}\n${line}`)
  })

  it('fails whole with one changed character of its text, or a signature of the other key', () => {
    const keys = [PETER, ENOCH].map(readKey)
    expect(verifyNote(MEANS, read(NOTE), keys)).toHaveLength(2)
    for (let at = 0; at < TEXT.length; at += 1) {
      const changed = `${TEXT.slice(0, at)}${TEXT[at] === 'x' ? 'y' : 'x'}${TEXT.slice(at + 1)}`
      expect(verifyNote(MEANS, { ...read(NOTE), text: changed }, keys)).toBeUndefined()
    }
    const [peter, enoch] = read(NOTE).signatures
    if (peter === undefined || enoch === undefined) throw new Error('the note has two signatures')
    const swapped = { text: TEXT, signatures: [peter, { ...enoch, bytes: peter.bytes }] }
    expect(verifyNote(MEANS, swapped, keys)).toBeUndefined()
  })

  it('passes over keys that are not known, even of a known name or a known id', () => {
    const [peter] = read(NOTE).signatures
    if (peter === undefined) throw new Error('the note has a signature')
    const wrong = new Uint8Array(64)
    const strangers = [
      { name: peter.name, id: Uint8Array.of(1, 2, 3, 4), bytes: wrong },
      { name: 'somebody', id: peter.id, bytes: wrong },
      { name: 'post-quantum', id: peter.id, bytes: new Uint8Array(2_428) },
    ]
    const note = read(encodeNote({ text: TEXT, signatures: [...strangers, peter] }))
    expect(verifyNote(MEANS, note, [readKey(PETER)])).toHaveLength(1)
    expect(verifyNote(MEANS, { ...note, signatures: strangers }, [readKey(PETER)])).toBeUndefined()
  })

  it.each([
    ['without an empty line', `${TEXT}${BY_PETER}`],
    ['without a signature', `${TEXT}\n`],
    ['without its last line break', `${TEXT}\n${BY_PETER.slice(0, -1)}`],
    ['with text after the signatures', `${TEXT}\n${BY_PETER}more\n`],
    ['with a line break too many', `${TEXT}\n${BY_PETER}\n`],
    ['with carriage returns', NOTE.replaceAll('\n', '\r\n')],
    ['with a tab', NOTE.replace('think', 'think\t')],
    ['with a zero byte', NOTE.replace('think', 'think\0')],
    ['with half a character', NOTE.replace('think', 'think\ud800')],
    ['with a hyphen for the dash', `${TEXT}\n${BY_PETER.replace('\u2014', '-')}`],
    ['with two spaces', `${TEXT}\n${BY_PETER.replace(' x08', '  x08')}`],
    ['with a space at the end', `${TEXT}\n${BY_PETER.replace('=\n', '= \n')}`],
    ['with no name', `${TEXT}\n${BY_PETER.replace('PeterNeumann', '')}`],
    ['with a plus in the name', `${TEXT}\n${BY_PETER.replace('PeterNeumann', 'Peter+Neumann')}`],
    ['with a space of another script', `${TEXT}\n${BY_PETER.replace('rN', 'r\u00a0N')}`],
    [
      'with the control character that is a space',
      `${TEXT}\n${BY_PETER.replace('rN', 'r\u0085N')}`,
    ],
    ['with base64 without padding', `${TEXT}\n${BY_PETER.replace('=\n', '\n')}`],
    ['with another spelling of base64', `${TEXT}\n${BY_PETER.replace('JnAM=', 'JnAN=')}`],
    ['with base64url', `${TEXT}\n${BY_PETER.replaceAll('/', '_')}`],
    ['with an id alone', `${TEXT}\n\u2014 PeterNeumann x08gow==\n`],
    ['with a key twice', `${TEXT}\n${BY_PETER}${BY_ENOCH}${BY_PETER}`],
  ])('is malformed %s', (_, note) => {
    expect(parseNote(note)).toBeInstanceOf(Malformed)
  })

  it('holds up to 16 signatures and 64 KiB', () => {
    const lines = Array.from({ length: SIGNATURES_MAX + 1 }, (_, n) =>
      signatureLine({ name: `w${n}`, id: Uint8Array.of(0, 0, 0, n), bytes: new Uint8Array(1) }),
    )
    expect(read(`a\n\n${lines.slice(1).join('')}`).signatures).toHaveLength(16)
    expect(parseNote(`a\n\n${lines.join('')}`)).toBeInstanceOf(Malformed)
    const rest = NOTE_MAX - BY_PETER.length - 2 - 2
    expect(read(`${'a'.repeat(rest)}\n\n${BY_PETER}`).text).toHaveLength(rest + 1)
    expect(parseNote(`${'a'.repeat(rest + 1)}\n\n${BY_PETER}`)).toBeInstanceOf(Malformed)
    expect(parseNote(`${'é'.repeat(rest)}\n\n${BY_PETER}`)).toBeInstanceOf(Malformed)
  })
})

describe('a written key', () => {
  it('comes back as it was written', () => {
    for (const text of [PETER, ENOCH])
      expect(encodeVerifierKey(nobleHash, readKey(text))).toBe(text)
    const x = fromBase64url(toKey('w').x) ?? new Uint8Array()
    for (const type of [1, 4] as const) {
      const key: VerifierKey = { name: 'witness.example/été', type, x }
      const text = encodeVerifierKey(nobleHash, key)
      expect(text.split('+')[1]).toBe(toHex(keyId(nobleHash, key)))
      expect(parseVerifierKey(nobleHash, text)).toEqual(key)
    }
  })

  it.each([
    ['of another id', PETER.replace('c74f20a3', 'c74f20a4')],
    ['in upper case', PETER.replace('c74f20a3', 'C74F20A3')],
    ['without a name', PETER.replace('PeterNeumann', '')],
    ['with a space in its name', PETER.replace('PeterNeumann', 'Peter Neumann')],
    ['too long', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['of another algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['with something after it', `${PETER}\n`],
    [
      'that is secret',
      'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
    ],
    ['of small order', weakKey('0100000000000000000000000000000000000000000000000000000000000000')],
    ['off the curve', weakKey('0200000000000000000000000000000000000000000000000000000000000000')],
    ['of mixed order', weakKey('8167846f96b018e08f1d362ebf475b9a359692a3613f3325d7ac921230e8fef1')],
  ])('is refused %s', (_, text) => {
    expect(parseVerifierKey(nobleHash, text)).toBeUndefined()
  })
})

function weakKey(hex: string): string {
  const x = Uint8Array.fromHex(hex)
  const key: VerifierKey = { name: 'weak', type: 1, x }
  const body = toBase64(concat(Uint8Array.of(1), x))
  return `weak+${toHex(keyId(nobleHash, key))}+${body}`
}

function readKey(text: string): VerifierKey {
  const key = parseVerifierKey(nobleHash, text)
  if (key === undefined) throw new Error(`${text} is no key`)
  return key
}

function read(text: string): Note {
  const note = parseNote(text)
  if (note instanceof Malformed) throw new Error(`${note.path}: expected ${note.expected}`)
  return note
}

import { readdirSync } from 'node:fs'
import { MemoryState, nobleHash, nobleVerify } from '../src/index.ts'
import { runByteVectors, runSignatureVectors, runVoidVectors } from './exact.ts'
import { runHistoryVectors } from './history-vectors.ts'
import { runNoteVectors, runReceiptVectors } from './proof-vectors.ts'
import { runStateVectors } from './state-vectors.ts'
import { cryptoVerify, runVectors, worldOn } from './world.ts'

const inMemory = worldOn(() => new MemoryState())

/** Files that are not lists of steps. */
const OTHERS = [
  'world.json',
  'bytes.json',
  'signatures.json',
  'void.json',
  'history.json',
  'state-tree.json',
  'notes.json',
  'receipts.json',
]

const files = readdirSync(new URL('../../../vectors/', import.meta.url))
for (const file of files.filter((name) => name.endsWith('.json') && !OTHERS.includes(name))) {
  runVectors(file, inMemory)
}
runVoidVectors(inMemory, nobleVerify)
runSignatureVectors(nobleVerify, 'any')
runSignatureVectors(cryptoVerify, 'strict')
runByteVectors(inMemory, nobleHash)
runHistoryVectors(nobleHash)
runStateVectors(nobleHash)
for (const verify of [nobleVerify, cryptoVerify]) {
  runNoteVectors({ hash: nobleHash, verify })
  runReceiptVectors({ hash: nobleHash, verify })
}

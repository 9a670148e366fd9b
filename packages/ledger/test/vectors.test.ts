import { MemoryState, nobleHash, nobleVerify } from '../src/index.ts'
import { runByteVectors, runSignatureVectors, runVoidVectors } from './exact.ts'
import { runFiguresVectors } from './figures-vectors.ts'
import { runHistoryVectors } from './history-vectors.ts'
import { runNoteVectors, runReceiptVectors } from './proof-vectors.ts'
import { runStateVectors } from './state-vectors.ts'
import { cryptoVerify, runVectors, stepFiles, worldOn } from './world.ts'

const inMemory = worldOn(() => new MemoryState())

for (const file of stepFiles()) runVectors(file, inMemory)
runVoidVectors(inMemory, nobleVerify)
runSignatureVectors(nobleVerify, 'any')
runSignatureVectors(cryptoVerify, 'strict')
runByteVectors(inMemory, nobleHash)
runHistoryVectors(nobleHash)
runFiguresVectors()
runStateVectors(nobleHash)
for (const verify of [nobleVerify, cryptoVerify]) {
  runNoteVectors({ hash: nobleHash, verify })
  runReceiptVectors({ hash: nobleHash, verify })
}

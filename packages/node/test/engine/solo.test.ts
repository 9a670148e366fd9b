import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { engineContract } from './engine-contract.ts'

engineContract(
  'solo',
  (book) =>
    new SoloEngine({
      book,
      onFatal: (cause) => {
        throw cause
      },
    }),
)

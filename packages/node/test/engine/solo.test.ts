import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { engineContract } from './engine-contract.ts'

engineContract(
  'solo',
  (book, { checkpoint }) =>
    new SoloEngine({
      book,
      checkpointKey: checkpoint,
      onFatal: (cause) => {
        throw cause
      },
    }),
)

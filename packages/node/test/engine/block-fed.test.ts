import { seededRandom } from '../power-cut/recording.ts'
import { BlockFedEngine } from './block-fed-engine.ts'
import { engineContract } from './engine-contract.ts'

const seed = Number(process.env['FEDOW_SEED'] ?? Date.now() % 1_000_000)
process.stdout.write(`block-fed engine: seed ${seed}\n`)
const random = seededRandom(seed)

engineContract(
  'block-fed',
  (book, { checkpoint }) => new BlockFedEngine({ book, random, checkpointKey: checkpoint }),
)

import { MemoryState } from '../src/index.ts'
import { stateContract } from './state-contract.ts'

stateContract('MemoryState', () => new MemoryState())

import { MemoryState } from '../src/index.ts'
import { runGovernanceModel } from './governance-book.ts'

runGovernanceModel('a state in memory', { open: () => new MemoryState(), numRuns: 200 })

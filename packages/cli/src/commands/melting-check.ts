import { readFileSync } from 'node:fs'
import {
  encode,
  Malformed,
  type SimulationQuestion,
  type SimulationSnapshot,
  simulate,
  simulationQuestion,
  simulationSnapshot,
} from '@fedow/ledger'
import { command, needed } from '../command.ts'
import { Refused } from '../failure.ts'
import { MEANS } from '../proof/trust.ts'

export const meltingCheck = command({
  name: 'melting check',
  summary: 'Simulate again what a file says, and compare to the byte; asks nobody',
  details:
    'The file is what fedow melting simulate --out has kept. Ends with 0 when the same comes out, with 1 when it does not. Whether the accounts are those of the book, only the book tells.',
  arguments: { file: needed('file', 'a simulation with its accounts') },
  options: {},
  examples: ['melting check simulation.json', 'melting check simulation.json --json'],
  async run({ screen }, { file }) {
    const { question, snapshot, simulation } = readFile(file)
    const again = simulate(MEANS.hash, { question, snapshot })
    const { hash, resultHash } = again
    if (encode(again) !== encode(simulation)) {
      throw new Refused(
        `The simulation of ${file} is not what comes out of its accounts and its question: that is ${hash}, with the result ${resultHash}. Do not rely on it.`,
        { code: 'simulation_differs', hash, resultHash },
      )
    }
    screen.answer(
      { hash, resultHash, snapshot: again.snapshot },
      () => `The same comes out again, to the byte: simulation ${hash}, result ${resultHash}.`,
    )
  },
})

interface Kept {
  readonly question: SimulationQuestion
  readonly snapshot: SimulationSnapshot
  readonly simulation: object
}

function readFile(file: string): Kept {
  const broken = (why: string) =>
    new Refused(`${file} is no simulation with its accounts: ${why}. Nothing was compared.`)
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8'))
    const { question, snapshot, simulation } = kept
    if (typeof simulation !== 'object' || simulation === null) throw broken('it has no answer')
    return {
      question: simulationQuestion(question, 'question'),
      snapshot: simulationSnapshot(snapshot, 'snapshot'),
      simulation,
    }
  } catch (cause) {
    if (cause instanceof Malformed) throw broken(`at ${cause.path}, ${cause.expected} was expected`)
    if (cause instanceof SyntaxError) throw broken('it is not JSON')
    if (cause instanceof Error && 'syscall' in cause) throw broken(cause.message)
    throw cause
  }
}

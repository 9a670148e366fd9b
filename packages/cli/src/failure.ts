/** How a command ends when it is not done: sentences on stderr, and an exit code that programs can trust. */
import { NoAnswerError, type Problem, ProblemError } from '@fedow/api'
import { ConfigError } from '@fedow/node'
import { CommanderError } from 'commander'

/** Exit codes of every command. */
export const EXIT = { done: 0, refused: 1, misuse: 2 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The command was written in a way that cannot be followed. Nothing was tried. */
export class Misuse extends Error {}

/** What was asked cannot be done, or was stopped. The message says what it means for the money. */
export class Refused extends Error {
  /** What programs get with --json, beside `error`. */
  readonly facts: object

  constructor(message: string, facts: object = {}) {
    super(message)
    this.facts = facts
  }
}

/** How a failure is shown. */
export interface FailureView {
  readonly exit: ExitCode
  readonly sentence: string
  readonly json: object
}

/** A request of another shape than the contract: the fault lies in what was typed. */
const MISUSE_CODES: ReadonlySet<string> = new Set(['invalid_request', 'malformed'])

/** Sentences and exit code of whatever a command threw. */
export function toFailureView(cause: unknown): FailureView {
  if (cause instanceof ProblemError) return ofProblem(cause.problem)
  const isMisuse = [Misuse, ConfigError, CommanderError].some((kind) => cause instanceof kind)
  if (isMisuse && cause instanceof Error) {
    return view(EXIT.misuse, cause.message)
  }
  if (cause instanceof Refused) return view(EXIT.refused, cause.message, cause.facts)
  if (cause instanceof NoAnswerError) {
    const why = cause.cause instanceof Error ? ` (${cause.cause.message})` : ''
    const facts = cause.txId === undefined ? {} : { txId: cause.txId }
    return view(EXIT.refused, `${cause.message}${why}`, { outcome: 'unknown', ...facts })
  }
  return view(EXIT.refused, cause instanceof Error ? cause.message : String(cause))
}

function ofProblem(problem: Problem): FailureView {
  const { title, detail, fix, code } = problem
  const exit = MISUSE_CODES.has(code) ? EXIT.misuse : EXIT.refused
  return { exit, sentence: `${title}. ${detail} ${fix}`, json: problem }
}

function view(exit: ExitCode, sentence: string, facts: object = {}): FailureView {
  return { exit, sentence, json: { error: sentence, ...facts } }
}

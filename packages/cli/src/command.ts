/**
 * What a command is. Each file of `commands/` makes one; `main.ts` lists them and reads the command line.
 *
 * A value of the command line is either an argument (by position) or an option (by name). The kinds below say how
 * it is shown in help and what the command gets.
 */
import type { AnswerOf, CallInput, Client, Route } from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import type { Config } from '@fedow/node'
import type { Screen } from './screen.ts'

/** One value of the command line. `T` is what the command gets. */
export interface Value<T> {
  /** What stands between the brackets in help; empty for a yes or no. */
  readonly label: string
  readonly what: string
  readonly isNeeded: boolean
  readonly isMany: boolean
  /** Never there: it lets the compiler know `T`. */
  readonly type?: T
}

/** A text that must be given. */
export function needed(label: string, what: string): Value<string> {
  return { label, what, isNeeded: true, isMany: false }
}

/** A text that may be given. */
export function text(label: string, what: string): Value<string | undefined> {
  return { label, what, isNeeded: false, isMany: false }
}

/** A text that may be given several times. */
export function many(label: string, what: string): Value<readonly string[]> {
  return { label, what, isNeeded: false, isMany: true }
}

/** Yes when it is given. */
export function flag(what: string): Value<boolean> {
  return { label: '', what, isNeeded: false, isMany: false }
}

type Values = Readonly<Record<string, Value<unknown>>>
type Read<V extends Values> = { readonly [K in keyof V]: V[K] extends Value<infer T> ? T : never }

/** What every command works with. */
export interface Call {
  readonly config: Config
  readonly screen: Screen
  /** Aborted when the process is asked to stop. */
  readonly stop: AbortSignal
  /** The Idempotency-Key that was given, to ask again after a lost answer. */
  readonly key: TxId | undefined
  /** Asks the node of the data folder, which is started for the moment when none runs. */
  readonly client: Client
  /** As `client.call`, with the Idempotency-Key that was given. */
  send<R extends Route>(route: R, input: CallInput<R>): Promise<AnswerOf<R>>
}

/** A command: its words, its help and its work. */
export interface CommandSpec<A extends Values, O extends Values> {
  /** As typed after `fedow`, such as `place create`. */
  readonly name: string
  readonly summary: string
  readonly details?: string
  readonly arguments?: A
  /** By name in camelCase: `skipFaulty` is typed `--skip-faulty`. */
  readonly options?: O
  /** What follows `fedow`. */
  readonly examples: readonly [string, string, ...string[]]
  run(call: Call, values: Read<A> & Read<O>): Promise<void>
}

/** Any command, as the list knows it. */
export type AnyCommand = Omit<CommandSpec<Values, Values>, 'run'> & {
  run(call: Call, values: Readonly<Record<string, unknown>>): Promise<void>
}

// biome-ignore lint/complexity/noBannedTypes: no arguments is what {} says here.
type None = {}

/** Makes a command, so that the compiler knows what its values are. */
export function command<const A extends Values = None, const O extends Values = None>(
  spec: CommandSpec<A, O>,
): AnyCommand {
  // The reader of the command line builds the values by these very lists.
  return spec as unknown as AnyCommand
}

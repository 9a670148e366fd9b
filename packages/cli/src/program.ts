/** From a command line to a command: words, options and help as `command.ts` describes them. */
import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { createClient } from '@fedow/api'
import { parseId, type TxId } from '@fedow/ledger'
import { type Config, readConfig } from '@fedow/node'
import { Command } from 'commander'
import { Reach } from './book/reach.ts'
import type { AnyCommand, Call, Value } from './command.ts'
import { Misuse } from './failure.ts'
import { listenForStop } from './interrupt.ts'
import { Screen } from './screen.ts'

/** What the commands of one noun are about. */
export interface CommandGroup {
  readonly what: string
  /** Another word for the same. */
  readonly alias?: string
}

interface GlobalOptions {
  readonly data?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly idempotencyKey?: string
}

/** Reads command lines for these commands, and runs them. */
export function toProgram(
  commands: readonly AnyCommand[],
  nouns: Readonly<Record<string, CommandGroup>>,
): Command {
  const program = newProgram()
  const groups = new Map<string, Command>()
  for (const spec of commands) {
    const [noun = '', verb] = spec.name.split(' ')
    if (verb === undefined) {
      // What such a command does with an option of its own, a verb below it may do with one of the same name.
      const line = program.command(noun).enablePositionalOptions()
      groups.set(noun, line)
      addCommand(line, spec)
      continue
    }
    if (!groups.has(noun)) {
      const { what = '', alias } = nouns[noun] ?? {}
      const group = program.command(noun).description(what)
      groups.set(noun, alias === undefined ? group : group.alias(alias))
    }
    addCommand((groups.get(noun) ?? program).command(verb), spec)
  }
  return program
}

function newProgram(): Command {
  return new Command('fedow')
    .description('Fedow, the federated and open wallet: one book for the moneys of many places.')
    .option('--data <folder>', 'the data folder; FEDOW_DATA, or ./data, when absent')
    .option('--json', 'one JSON object on the standard output, and nothing else')
    .option('--quiet', 'no progress, no confirmation; errors are still told')
    .option(
      '--idempotency-key <uuid>',
      'ask again for what had no answer, with the key that was told',
    )
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Nothing was done. Add --help for how it is written.')
    .exitOverride()
    .addHelpText('after', EPILOGUE)
}

const EPILOGUE = `
Ends with 0 when it is done, 1 when it is refused, 2 when it is misused.

Examples:
  fedow start --demo
  fedow sale --place "Bar du Port" --card 9F9984F8 --amount 3.50`

function addCommand(line: Command, spec: AnyCommand): void {
  line.description(spec.summary)
  const args = Object.entries(spec.arguments ?? {})
  for (const [, { label, what, isNeeded }] of args) {
    line.argument(isNeeded ? `<${label}>` : `[${label}]`, what)
  }
  for (const [name, value] of Object.entries(spec.options ?? {})) addOption(line, name, value)
  const examples = spec.examples.map((example) => `  fedow ${example}`).join('\n')
  line.addHelpText(
    'after',
    `${spec.details === undefined ? '' : `\n${spec.details}\n`}\nExamples:\n${examples}`,
  )
  line.action(async (...given: unknown[]) => {
    const positions = args.map(([name], index) => [name, given[index]] as const)
    const { data, json, quiet, idempotencyKey, ...options } = line.optsWithGlobals()
    await run(
      spec,
      { ...options, ...Object.fromEntries(positions) },
      { data, json, quiet, idempotencyKey },
    )
  })
}

function addOption(
  line: Command,
  name: string,
  { label, what, isNeeded, isMany }: Value<unknown>,
): void {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (label === '') line.option(flag, what, false)
  else if (isNeeded) line.requiredOption(`${flag} <${label}>`, what)
  else if (isMany) line.option(`${flag} <${label}>`, `${what} (may be repeated)`, append, [])
  else line.option(`${flag} <${label}>`, what)
}

function append(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

async function run(
  spec: AnyCommand,
  values: Readonly<Record<string, unknown>>,
  { data, json = false, quiet = false, idempotencyKey }: GlobalOptions,
): Promise<void> {
  const config = toConfig(data)
  const key = readKey(idempotencyKey)
  const screen = new Screen({ json, quiet })
  using wish = listenForStop()
  const stop = wish.signal
  await using reach = new Reach({ config, stop, note: (text) => screen.note(text) })
  const client = createClient({ transport: reach.send })
  const send: Call['send'] = (route, input) =>
    client.call(route, key === undefined ? input : { ...input, key })
  await spec.run({ config, screen, stop, key, client, send }, values)
}

function toConfig(data: string | undefined): Config {
  const config = readConfig()
  if (data === '') throw new Misuse('--data names no folder. Nothing was done.')
  const folder = data === undefined ? config.folder : resolve(data)
  // The node knows its folder by its real path, and its socket may be named after it.
  return { ...config, folder: existsSync(folder) ? realpathSync(folder) : folder }
}

function readKey(text: string | undefined): TxId | undefined {
  if (text === undefined) return undefined
  const key = parseId<TxId>(text.toLowerCase())
  if (key !== undefined) return key
  throw new Misuse(`"${text}" is not a UUID. Nothing was sent.`)
}

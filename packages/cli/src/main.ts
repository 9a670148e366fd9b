/** The `fedow` command: the list of commands, and the reading of a command line. */

import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { createClient } from '@fedow/api'
import { parseId, type TxId } from '@fedow/ledger'
import { type Config, readConfig } from '@fedow/node'
import { Command, CommanderError } from 'commander'
import { Reach } from './book/reach.ts'
import type { AnyCommand, Call, Value } from './command.ts'
import { apiKeyCreate } from './commands/api-key-create.ts'
import { apiKeyList } from './commands/api-key-list.ts'
import { apiKeyRevoke } from './commands/api-key-revoke.ts'
import { assetArchive } from './commands/asset-archive.ts'
import { assetCreate } from './commands/asset-create.ts'
import { assetList } from './commands/asset-list.ts'
import { audit } from './commands/audit.ts'
import { cardImport } from './commands/card-import.ts'
import { cardLink } from './commands/card-link.ts'
import { cardLost } from './commands/card-lost.ts'
import { cardPrimary } from './commands/card-primary.ts'
import { cardReplace } from './commands/card-replace.ts'
import { cardRestore } from './commands/card-restore.ts'
import { cardShow } from './commands/card-show.ts'
import { cardVoid } from './commands/card-void.ts'
import { deposit } from './commands/deposit.ts'
import { exportHledger } from './commands/export-hledger.ts'
import { federationAccept } from './commands/federation-accept.ts'
import { federationCreate } from './commands/federation-create.ts'
import { federationInvite } from './commands/federation-invite.ts'
import { federationLeave } from './commands/federation-leave.ts'
import { federationList } from './commands/federation-list.ts'
import { federationShare } from './commands/federation-share.ts'
import { federationUnshare } from './commands/federation-unshare.ts'
import { history } from './commands/history.ts'
import { holdCapture } from './commands/hold-capture.ts'
import { holdOpen } from './commands/hold-open.ts'
import { holdRelease } from './commands/hold-release.ts'
import { init } from './commands/init.ts'
import { issue } from './commands/issue.ts'
import { keyAdd } from './commands/key-add.ts'
import { keyList } from './commands/key-list.ts'
import { keyNew } from './commands/key-new.ts'
import { keyRemove } from './commands/key-remove.ts'
import { lines } from './commands/lines.ts'
import { openapi } from './commands/openapi.ts'
import { placeCreate } from './commands/place-create.ts'
import { placeList } from './commands/place-list.ts'
import { placeRename } from './commands/place-rename.ts'
import { refill } from './commands/refill.ts'
import { refund } from './commands/refund.ts'
import { sale } from './commands/sale.ts'
import { start } from './commands/start.ts'
import { status } from './commands/status.ts'
import { transfer } from './commands/transfer.ts'
import { walletOpen } from './commands/wallet-open.ts'
import { walletShow } from './commands/wallet-show.ts'
import { EXIT, type ExitCode, Misuse, toFailureView } from './failure.ts'
import { listenForStop } from './interrupt.ts'
import { Screen } from './screen.ts'

/** Commands by the noun that groups them, in the order of help. */
const COMMANDS: readonly AnyCommand[] = [
  ...[init, start, status],
  ...[placeCreate, placeList, placeRename],
  ...[assetCreate, assetList, assetArchive],
  ...[federationCreate, federationList, federationInvite, federationAccept, federationLeave],
  ...[federationShare, federationUnshare],
  ...[cardImport, cardShow, cardPrimary, cardLink, cardLost, cardRestore, cardReplace, cardVoid],
  ...[walletOpen, walletShow],
  ...[sale, refill, refund, transfer, issue, deposit],
  ...[holdOpen, holdCapture, holdRelease],
  ...[history, lines, audit, exportHledger],
  ...[keyNew, keyList, keyAdd, keyRemove],
  ...[apiKeyCreate, apiKeyList, apiKeyRevoke],
  openapi,
]

const GROUPS: Readonly<Record<string, { readonly what: string; readonly alias?: string }>> = {
  place: { what: 'Venues', alias: 'places' },
  asset: { what: 'Moneys, points, badges and memberships', alias: 'assets' },
  federation: { what: 'Places that accept each other’s assets', alias: 'federations' },
  card: { what: 'Cards and card orders', alias: 'cards' },
  wallet: { what: 'Wallets of persons and places', alias: 'wallets' },
  hold: { what: 'Money reserved and not yet paid', alias: 'holds' },
  export: { what: 'The book for other programs' },
  key: { what: 'Signing keys in the book', alias: 'keys' },
  'api-key': { what: 'Keys of programs that use the HTTP API', alias: 'api-keys' },
}

interface GlobalOptions {
  readonly data?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly idempotencyKey?: string
}

/** Runs a command line; answers the exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  // Whoever reads our output may have read enough, as `head` has.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done)
    throw error
  })
  try {
    await toProgram().parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (cause) {
    if (cause instanceof CommanderError && cause.exitCode === 0) return EXIT.done
    const { exit, sentence, json } = toFailureView(cause)
    // What is wrong with the words of a command was told while they were read.
    if (!(cause instanceof CommanderError)) process.stderr.write(`${sentence}\n`)
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(json)}\n`)
    return exit
  }
}

function toProgram(): Command {
  const program = new Command('fedow')
  program
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
  const groups = new Map<string, Command>()
  for (const spec of COMMANDS) addCommand(program, groups, spec)
  return program
}

const EPILOGUE = `
Ends with 0 when it is done, 1 when it is refused, 2 when it is misused.

Examples:
  fedow start --demo
  fedow sale --place "Bar du Port" --card 9F9984F8 --amount 3.50`

function addCommand(program: Command, groups: Map<string, Command>, spec: AnyCommand): void {
  const [noun = '', verb] = spec.name.split(' ')
  const parent = verb === undefined ? program : groupOf(program, groups, noun)
  const line = parent.command(verb ?? noun).description(spec.summary)
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

function groupOf(program: Command, groups: Map<string, Command>, noun: string): Command {
  const known = groups.get(noun)
  if (known !== undefined) return known
  const { what = '', alias } = GROUPS[noun] ?? {}
  const group = program.command(noun).description(what)
  if (alias !== undefined) group.alias(alias)
  groups.set(noun, group)
  return group
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

process.exitCode = await main(process.argv.slice(2))

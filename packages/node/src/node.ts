/** One node: a data folder, its book, its engine, its doors, in one process. */
import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto'
import { mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Action, ChainId, SignedGenesis, StateReader, TxId } from '@fedow/ledger'
import type { Config } from './config.ts'
import type { Submission } from './engine/engine.ts'
import { type Clocks, demandClock, MACHINE_CLOCKS } from './engine/solo/clock.ts'
import { SoloEngine } from './engine/solo/solo-engine.ts'
import { Gateway } from './gateway/gateway.ts'
import type { SignerRole } from './gateway/intent.ts'
import type {
  CardImports,
  DashboardPages,
  FirstPage,
  PaymentPages,
  ReminderPages,
} from './http/parts.ts'
import { buildServer, listenOnSocket } from './http/server.ts'
import type { PaymentDoors } from './payments/doors.ts'
import { openPayments, type PaymentParts } from './payments/open-payments.ts'
import {
  applyCardImport,
  type ImportMeans,
  planCardImport,
  resumeCardImports,
} from './people/card-import.ts'
import { checkpointNote } from './proofs/checkpoint-note.ts'
import { Proofs } from './proofs/proofs.ts'
import { type ReminderParts, Reminders } from './reminders/reminders.ts'
import { ApiKeys } from './store/api-keys.ts'
import { Book, BookMismatchError } from './store/book.ts'
import { CardDirectory } from './store/card-directory.ts'
import { assertRuntime } from './store/database.ts'
import { FiguresReader } from './store/figures-reader.ts'
import { addWitnessKey, hasGenesis, initFolder, readGenesis, readKeys } from './store/folder.ts'
import { FolderLock } from './store/folder-lock.ts'
import { sha256 } from './store/hash.ts'
import { MeltsAheadReader } from './store/melts-ahead-reader.ts'
import { PayerStore } from './store/payer-store.ts'
import { openPaymentsFile } from './store/payments-db.ts'
import { openPeopleDb } from './store/people-db.ts'
import { ReminderChoices } from './store/reminder-choices.ts'
import { ReminderStore } from './store/reminder-store.ts'
import { SignatureThreadError } from './store/signature-threads.ts'
import { SimulationReader } from './store/simulation-reader.ts'
import { StateTreeError } from './store/state-tree-thread.ts'
import { stripeConfigOf } from './store/stripe-file.ts'
import { TextStore } from './store/text-store.ts'
import { VenueStore } from './store/venue-store.ts'
import { WatchedLogs } from './store/watched-logs.ts'
import { WitnessStore } from './store/witness-store.ts'
import { V1EarlierPayments } from './v1/earlier-payments.ts'
import { openV1, productsOf, V1Wire } from './v1/v1.ts'
import { VERSION } from './version.ts'
import { WitnessDesk } from './witness/desk.ts'

export interface NodeOptions {
  /** `socket`: only the command line of this machine reaches it. */
  readonly listen?: 'tcp+socket' | 'socket'
  /** Makes the page at `/`. */
  readonly firstPage?: FirstPage
  /** Makes the pages at `/dashboard/`. */
  readonly dashboardPages?: DashboardPages
  /** Makes the pages about payments. */
  readonly paymentPages?: PaymentPages
  /** Makes the pages that stop reminders. */
  readonly reminderPages?: ReminderPages
  /** What dates the blocks; the machine's own when absent. */
  readonly clocks?: Clocks
}

/** Why a node ended: it was asked to, or its disk or its book failed. */
export type StopReason =
  | { readonly kind: 'asked' }
  | { readonly kind: 'failed'; readonly message: string }

/** What whoever runs the node submits from within: several actions in one tx, as no request of the API asks for. */
export interface OwnTx {
  readonly id: TxId
  readonly actions: readonly Action[]
  /** Whose key of the folder signs; the node's own when absent. */
  readonly signer?: SignerRole
}

export interface RunningNode extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8080`; absent with `listen: 'socket'`. */
  readonly address?: string
  readonly socketPath: string
  readonly folder: string
  readonly network: string
  readonly chain: ChainId
  /** Signs and submits as the operator; the same id again is a repeat. Answers when the outcome is durable. */
  readonly submitOwn: (tx: OwnTx) => Promise<Submission>
  /** The records as they are now. */
  readonly state: StateReader
  /** Resolves when the node has ended. */
  readonly stopped: Promise<StopReason>
}

/** Longest that a stop goes on sealing: whoever stops a program often kills it after ten seconds. */
const SEAL_WITHIN_MS = 8_000

/** Longest path that a unix socket may have everywhere. */
const SOCKET_PATH_MAX = 100

/** The socket of a data folder: in it, or in the system's temporary folder when its path is too long for a socket. */
export function socketPathOf(folder: string): string {
  const path = join(folder, 'node.sock')
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32)
  return join(tmpdir(), `fedow-${name}.sock`)
}

/**
 * Starts a node; an empty folder becomes a network of one. Answers when its doors are open.
 *
 * Throws FolderLockedError, NewerVersionError, CorruptDatabaseError, BookMismatchError, ClockGapError, and what the system says of
 * the port.
 */
export async function startNode(config: Config, options: NodeOptions = {}): Promise<RunningNode> {
  assertRuntime()
  mkdirSync(config.folder, { recursive: true, mode: 0o700 })
  const folder = realpathSync(config.folder)
  await using stack = new AsyncDisposableStack()
  stack.use(new FolderLock(folder))
  if (!hasGenesis(folder)) initFolder(folder, { network: config.domain, timeMs: Date.now() })
  addWitnessKey(folder)
  const genesis = readGenesis(folder)
  const { promise: failed, resolve: fail } = Promise.withResolvers<StopReason>()
  const onFatal = (cause: unknown) => fail({ kind: 'failed', message: toFailure(folder, cause) })
  const opening = { genesis, onFatal, options }
  let listening: string | undefined
  const origin = () => originOf(config, listening)
  const { server, gateway, state } = openServer(
    stack,
    { ...config, folder },
    { ...opening, origin },
  )
  const socketPath = socketPathOf(folder)
  await listenOnSocket(server, socketPath)
  const isPublic = options.listen !== 'socket'
  const { port, host } = config
  const address = isPublic ? await server.listen({ port, host }) : undefined
  listening = address
  const { network } = genesis.genesis
  const { chain } = genesis
  const submitOwn: RunningNode['submitOwn'] = (tx) =>
    gateway.submitOwn(tx.actions, tx.id, tx.signer)
  const facts = { socketPath, folder, network, chain, submitOwn, state }
  return stopping(stack.move(), { ...facts, ...(address && { address }) }, failed)
}

/** A node ends once: when it is asked to, or when its disk fails. */
function stopping(
  stack: AsyncDisposableStack,
  facts: Omit<RunningNode, 'stopped' | typeof Symbol.asyncDispose>,
  failed: Promise<StopReason>,
): RunningNode {
  const { promise: stopped, resolve } = Promise.withResolvers<StopReason>()
  let ending: Promise<void> | undefined
  const end = (reason: StopReason): Promise<void> => {
    ending ??= stack.disposeAsync().finally(() => resolve(reason))
    return ending
  }
  failed.then(end)
  return { ...facts, stopped, [Symbol.asyncDispose]: () => end({ kind: 'asked' }) }
}

function toFailure(folder: string, cause: unknown): string {
  if (cause instanceof BookMismatchError) return `${cause.message} The node stops.`
  if (cause instanceof StateTreeError || cause instanceof SignatureThreadError) {
    return `In ${folder}, ${cause.message}. The node stops. Every payment that was answered is in the book, and those without an answer were applied once or not at all: start the node again, and send them again as they were. Blocks that wait for their seal get it then.`
  }
  const what = cause instanceof Error ? cause.message : String(cause)
  return `Writing to ${folder} failed: ${what}. The node stops, so that it answers nothing that is not on disk. Payments without an answer were applied once or not at all: start the node again when the disk is well, and send them again as they were.`
}

/** Where people reach this node: by its public name, or where it listens when it has none. */
function originOf({ domain, port }: Config, address: string | undefined): string {
  if (!isLocalName(domain)) return `https://${domain}`
  return address ?? `http://${/:\d+$/.test(domain) ? domain : `${domain}:${port}`}`
}

/** True for a name that leads nobody here but from this machine: who uses it tries the node out. */
function isLocalName(domain: string): boolean {
  return /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d+){3})(:\d+)?$/i.test(domain)
}

interface Opening {
  readonly genesis: SignedGenesis
  readonly onFatal: (cause: unknown) => void
  readonly options: NodeOptions
  readonly origin: () => string
}

interface Opened {
  readonly server: ReturnType<typeof buildServer>
  readonly gateway: Gateway
  readonly state: StateReader
}

/** Wires the parts. What is opened later is closed earlier: doors, engine, book, people, lock. */
function openServer(
  stack: AsyncDisposableStack,
  config: Config,
  { genesis, onFatal, options, origin }: Opening,
): Opened {
  const { folder, logLevel } = config
  const { clocks = MACHINE_CLOCKS } = options
  const { id: node } = genesis.genesis.node
  const keys = readKeys(folder, genesis)
  const people = stack.adopt(openPeopleDb(join(folder, 'people.db')), (db) => db.close())
  const apiKeys = stack.use(new ApiKeys(people))
  const directory = new CardDirectory(people)
  const v1Store = stack.use(openV1(folder))
  const resuming: Promise<unknown>[] = []
  stack.defer(() => Promise.allSettled(resuming).then(() => {}))
  const book = stack.use(new Book({ folder, genesis }))
  demandClock(book.timeMs, clocks.wall(), config.acceptClock)
  const engine = openEngine(stack, { book, checkpointKey: keys.checkpoint, clocks, onFatal })
  const now = () => clocks.wall()
  const signers = { ...keys, node: stack.use(keys.node.onThread(onFatal)) }
  const gateway = new Gateway({ book: book.reader, engine, signers, apiKeys, now })
  const { imports, resume } = cardImportsOf(directory, gateway, now)
  const payments = paymentsOf(stack, config, {
    ...{ book: book.reader, gateway, keeper: keys.keeper.kid, hash: sha256, now, origin },
    ...{ node, signer: keys.node, venues: new VenueStore(people) },
    payers: new PayerStore(people),
    warn: (what, facts) => app.log.error(facts, what),
    earlier: new V1EarlierPayments(v1Store),
  })
  const store = new WitnessStore(people)
  const logs = new WatchedLogs(people)
  const onFault = (what: string) => (cause: unknown) => app.log.error({ cause }, what)
  const reading = { book: book.reader, engine, now }
  const witness = stack.use(
    new WitnessDesk({
      ...reading,
      ...{ store, logs, genesis, key: keys.witness },
      noteOf: (block) => checkpointNote(block, book.reader),
      onFault: onFault('No witness could be asked'),
    }),
  )
  const v1 = stack.use(
    new V1Wire({
      ...reading,
      ...{ ...toV1Wishes(config), store: v1Store, gateway, directory, node, payments },
      hash: sha256,
      onFault: onFault('What the v1 wire does behind its requests failed'),
    }),
  )
  const reminders = remindersOf(stack, people, {
    ...{ folder, mail: config.mail, state: book.reader.state, origin, now },
    emailOf: (wallet) => v1Store.people.byWallet(wallet)?.email,
    warn: (what, facts) => app.log.error(facts, what),
  })
  const app = buildServer({
    book: book.reader,
    engine,
    gateway,
    directory,
    apiKeys,
    cardImports: imports,
    proofs: new Proofs(book, store),
    ...openCounts(stack, folder),
    ...{ witness, payments, reminders, texts: new TextStore(folder) },
    node: { id: node, name: genesis.genesis.node.name },
    version: VERSION,
    engineName: 'solo',
    ...{ hash: sha256, now, isReady: () => true, v1, logLevel },
    ...pagesOf(options),
  })
  stack.adopt(app, (one) => one.close())
  resuming.push(resume())
  for (const one of [witness, v1, payments.payments, payments.venues]) one.begin()
  for (const one of [payments.payouts, payments.disputes, payments.lines]) one.work()
  // A node of one command is gone before a letter is, and one of the demonstration lives days in a moment.
  if (options.listen !== 'socket') reminders.begin()
  return { server: app, gateway, state: book.state }
}

/** What reads the whole book on a thread of its own. */
function openCounts(stack: AsyncDisposableStack, folder: string) {
  return {
    figures: stack.use(new FiguresReader({ folder, products: productsOf(folder) })),
    simulations: stack.use(new SimulationReader(folder)),
  }
}

function openEngine(
  stack: AsyncDisposableStack,
  parts: ConstructorParameters<typeof SoloEngine>[0],
): SoloEngine {
  const engine = new SoloEngine({ ...parts, sealWithinMs: SEAL_WITHIN_MS })
  return stack.adopt(engine, (one) => one.close())
}

function pagesOf({ firstPage, dashboardPages, paymentPages, reminderPages }: NodeOptions) {
  return {
    ...(firstPage && { firstPage }),
    ...(dashboardPages && { dashboardPages }),
    ...(paymentPages && { paymentPages }),
    ...(reminderPages && { reminderPages }),
  }
}

/** What reminds persons of money that melts. */
function remindersOf(
  stack: AsyncDisposableStack,
  people: ReturnType<typeof openPeopleDb>,
  { folder, ...parts }: Omit<ReminderParts, 'store' | 'choices' | 'ahead'> & Pick<Config, 'folder'>,
): Reminders {
  const store = new ReminderStore(people)
  const choices = new ReminderChoices(people, randomBytes)
  return stack.use(new Reminders({ ...parts, store, choices, ahead: new MeltsAheadReader(folder) }))
}

/** Opens what only this node knows of payments, and what looks after them. */
function paymentsOf(
  stack: AsyncDisposableStack,
  { folder, stripe, domain, isV1Debug }: Config,
  parts: Omit<PaymentParts, 'file' | 'stripe' | 'isTryOut'>,
): PaymentDoors {
  const file = stack.use(openPaymentsFile(folder))
  const isTryOut = isLocalName(domain) || isV1Debug
  const doors = openPayments({ ...parts, file, stripe: stripeConfigOf(folder, stripe), isTryOut })
  stack.use(doors.payments)
  stack.use(doors.venues)
  stack.use(doors.disputes)
  stack.use(doors.payouts)
  stack.use(doors.lines)
  return doors
}

function toV1Wishes({ folder, domain, v1HandshakeMs, isV1Debug }: Config) {
  return { folder, domain, handshakeMs: v1HandshakeMs, isDebug: isV1Debug }
}

/** Card imports, and how those that a crash interrupted go on. */
function cardImportsOf(directory: CardDirectory, gateway: Gateway, now: () => number) {
  const submit: ImportMeans['submit'] = (actions, id) => gateway.submitOwn(actions, id)
  const means = { directory, submit, hash: sha256 }
  const imports: CardImports = {
    plan: (order) => planCardImport({ ...order, directory }),
    apply: (plan) =>
      applyCardImport({
        ...means,
        plan,
        newId: randomUUIDv7,
        random: (count) => randomBytes(count),
        nowMs: now(),
      }),
  }
  return { imports, resume: () => resumeCardImports(means) }
}

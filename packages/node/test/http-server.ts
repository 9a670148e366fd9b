/** A real server over a real book and engine in a temporary folder, for tests that speak HTTP. */
import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import {
  type ApiRequest,
  type ApiResponse,
  type BodyOf,
  type Client,
  createApiKey,
  createClient,
  fetchTransport,
} from '@fedow/api'
import type { FastifyInstance } from 'fastify'
import type { Engine } from '../src/engine/engine.ts'
import { type Clocks, MACHINE_CLOCKS } from '../src/engine/solo/clock.ts'
import { SoloEngine } from '../src/engine/solo/solo-engine.ts'
import { Gateway } from '../src/gateway/gateway.ts'
import type { CardImports } from '../src/http/parts.ts'
import { buildServer, listenOnSocket } from '../src/http/server.ts'
import type { PaymentDoors } from '../src/payments/doors.ts'
import { openPayments, type PaymentParts } from '../src/payments/open-payments.ts'
import { applyCardImport, planCardImport } from '../src/people/card-import.ts'
import { checkpointNote } from '../src/proofs/checkpoint-note.ts'
import { Proofs } from '../src/proofs/proofs.ts'
import { type ReminderParts, Reminders } from '../src/reminders/reminders.ts'
import { ApiKeys } from '../src/store/api-keys.ts'
import { Book } from '../src/store/book.ts'
import { CardDirectory } from '../src/store/card-directory.ts'
import { FiguresReader } from '../src/store/figures-reader.ts'
import { sha256 } from '../src/store/hash.ts'
import { MeltsAheadReader } from '../src/store/melts-ahead-reader.ts'
import { PayerStore } from '../src/store/payer-store.ts'
import { openPaymentsFile } from '../src/store/payments-db.ts'
import { openPeopleDb } from '../src/store/people-db.ts'
import { ReminderChoices } from '../src/store/reminder-choices.ts'
import { ReminderStore } from '../src/store/reminder-store.ts'
import { SimulationReader } from '../src/store/simulation-reader.ts'
import { TextStore } from '../src/store/text-store.ts'
import { VenueStore } from '../src/store/venue-store.ts'
import { WatchedLogs } from '../src/store/watched-logs.ts'
import { WitnessStore } from '../src/store/witness-store.ts'
import { V1EarlierPayments } from '../src/v1/earlier-payments.ts'
import { openV1, productsOf, V1Wire } from '../src/v1/v1.ts'
import { WitnessDesk } from '../src/witness/desk.ts'
import { TestNetwork } from './test-network.ts'

export interface TestServer extends AsyncDisposable {
  readonly network: TestNetwork
  readonly book: Book
  readonly engine: Engine
  readonly directory: CardDirectory
  /** The wire of v1, and what it keeps. */
  readonly v1: V1Wire
  readonly payments: PaymentDoors
  readonly reminders: Reminders
  readonly app: FastifyInstance
  /** Such as http://127.0.0.1:40123. */
  readonly origin: string
  readonly socketPath: string
  /** Calls as the operator. */
  readonly operator: Client
  /** Calls as nobody in particular. */
  readonly anyone: Client
  /** Makes an API key and calls with it. */
  withKey(
    body: BodyOf<typeof createApiKey>,
  ): Promise<Client & { readonly id: string; readonly key: string }>
}

/** How a test wants the wire of v1. */
export interface V1Wishes {
  /** How long the root handshake is open; an hour unless said. */
  readonly handshakeMs?: number
  readonly isDebug?: boolean
  /** As clients name this node. */
  readonly domain?: string
  /** Wall clock of the wire. */
  readonly now?: () => number
  /** How its payments are; without a key, it has the sandbox when `isDebug` is wished. */
  readonly payments?: Partial<PaymentParts>
  /** How reminders leave; they are listed alone unless said. */
  readonly reminders?: Partial<ReminderParts>
  /** The clocks of the machine, of the wire too unless it has its own. */
  readonly clocks?: Clocks
  /** A network whose folder there is already: it stays when the server stops. */
  readonly network?: TestNetwork
}

/** Starts a server; `wrap` stands between gateway and engine. */
export async function startServer(
  wrap: (engine: Engine) => Engine = (engine) => engine,
  wishes: V1Wishes = {},
): Promise<TestServer> {
  const {
    clocks = MACHINE_CLOCKS,
    network: kept,
    payments: paid,
    reminders: wished,
    ...v1Wishes
  } = wishes
  const network = kept ?? new TestNetwork(clocks.wall())
  const book = new Book({ folder: network.folder, genesis: network.genesis })
  const solo = new SoloEngine({
    book,
    checkpointKey: network.keys.checkpoint,
    clocks,
    onFatal: () => undefined,
  })
  const engine = wrap(solo)
  const people = openPeopleDb(join(network.folder, 'people.db'))
  const directory = new CardDirectory(people)
  const apiKeys = new ApiKeys(people)
  const now = () => clocks.wall()
  const gateway = new Gateway({ book: book.reader, engine, signers: network.keys, apiKeys, now })
  const store = new WitnessStore(people)
  const witness = new WitnessDesk({
    store,
    logs: new WatchedLogs(people),
    genesis: network.genesis,
    key: network.keys.witness,
    engine,
    book: book.reader,
    noteOf: (block) => checkpointNote(block, book.reader),
    now,
    onFault: (cause) => console.error(cause),
  })
  witness.begin()
  const v1Store = openV1(network.folder)
  const paymentsFile = openPaymentsFile(network.folder)
  let listening = ''
  const payments = openPayments({
    venues: new VenueStore(people),
    payers: new PayerStore(people),
    earlier: new V1EarlierPayments(v1Store),
    ...{ file: paymentsFile, stripe: NO_STRIPE, origin: () => listening, now, hash: sha256 },
    ...{ book: book.reader, gateway, keeper: network.keys.keeper.kid },
    ...{ node: network.genesis.genesis.node.id, signer: network.keys.node },
    ...{ isTryOut: wishes.isDebug ?? false, warn: () => undefined },
    ...paid,
  })
  const v1 = new V1Wire({
    ...{ folder: network.folder, store: v1Store, book: book.reader, engine, gateway, directory },
    ...{ hash: sha256, now, handshakeMs: 3_600_000, isDebug: false, domain: 'fedow.example.org' },
    node: network.genesis.genesis.node.id,
    payments,
    onFault: (cause) => console.error(cause),
    ...v1Wishes,
  })
  const figures = new FiguresReader({
    folder: network.folder,
    products: productsOf(network.folder),
  })
  const simulations = new SimulationReader(network.folder)
  const reminders = new Reminders({
    store: new ReminderStore(people),
    choices: new ReminderChoices(people, randomBytes),
    ahead: new MeltsAheadReader(network.folder),
    ...{ state: book.reader.state, origin: () => listening, now, mail: undefined },
    emailOf: (wallet) => v1Store.people.byWallet(wallet)?.email,
    warn: () => undefined,
    ...wished,
  })
  const app = buildServer({
    book: book.reader,
    engine,
    gateway,
    directory,
    apiKeys,
    cardImports: cardImports(directory, gateway),
    proofs: new Proofs(book, store),
    figures,
    simulations,
    witness,
    texts: new TextStore(network.folder),
    payments,
    reminders,
    node: network.genesis.genesis.node,
    version: '0.0.0',
    engineName: 'solo',
    hash: sha256,
    now,
    isReady: () => true,
    v1,
    // As the facts that they are made of: how they look is not the node's.
    dashboardPages: {
      dashboard: (facts) => JSON.stringify(facts),
      place: (facts) => JSON.stringify(facts),
      noPlace: () => 'no place',
    },
    paymentPages: {
      payment: (facts) => JSON.stringify(facts),
      sandbox: (facts) => JSON.stringify(facts),
      idleReader: () => 'idle',
      none: () => 'no payment',
    },
    reminderPages: {
      reminders: (facts) => JSON.stringify(facts),
      none: () => 'nobody',
    },
    logLevel: 'silent',
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  listening = origin
  const socketPath = join(network.folder, 'node.sock')
  await listenOnSocket(app, socketPath)
  const operator = createClient({ transport: socketTransport(socketPath) })
  return {
    network,
    book,
    engine,
    directory,
    v1,
    payments,
    reminders,
    app,
    origin,
    socketPath,
    operator,
    anyone: createClient({ transport: fetchTransport(origin) }),
    async withKey(body) {
      const { id, key } = await operator.call(createApiKey, { body })
      return { id, key, ...createClient({ transport: fetchTransport(origin), apiKey: key }) }
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      figures[Symbol.dispose]()
      simulations[Symbol.dispose]()
      await reminders[Symbol.asyncDispose]()
      await witness[Symbol.asyncDispose]()
      await v1[Symbol.asyncDispose]()
      await payments.payments[Symbol.asyncDispose]()
      await payments.venues[Symbol.asyncDispose]()
      await payments.payouts[Symbol.asyncDispose]()
      await payments.disputes[Symbol.asyncDispose]()
      await payments.lines[Symbol.asyncDispose]()
      paymentsFile[Symbol.dispose]()
      await solo.close()
      apiKeys[Symbol.dispose]()
      people.close()
      v1Store[Symbol.dispose]()
      book[Symbol.dispose]()
      if (kept === undefined) network[Symbol.dispose]()
    },
  }
}

const NO_STRIPE = { key: undefined, webhookSecret: undefined, api: undefined }

function cardImports(directory: CardDirectory, gateway: Gateway): CardImports {
  return {
    plan: (order) => planCardImport({ ...order, directory }),
    apply: (plan) =>
      applyCardImport({
        plan,
        directory,
        submit: (actions, id) => gateway.submitOwn(actions, id),
        hash: sha256,
        newId: randomUUIDv7,
        random: (count) => randomBytes(count),
        nowMs: Date.now(),
      }),
  }
}

/** Carries requests through the socket of a data folder. */
export function socketTransport(socketPath: string): (request: ApiRequest) => Promise<ApiResponse> {
  return ({ method, path, headers, body }) => {
    const { promise, resolve, reject } = Promise.withResolvers<ApiResponse>()
    const request = httpRequest({ socketPath, method, path, headers }, (response) => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
    return promise
  }
}

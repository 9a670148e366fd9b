import { createClient } from '@fedow/api'
import {
  type Config,
  hasGenesis,
  initFolder,
  isImportUnfinished,
  type NodeOptions,
  type RunningNode,
  readGenesis,
  SETTINGS,
  startNode,
} from '@fedow/node'
import {
  dashboardPage,
  firstPage,
  idleReaderPage,
  languageOf,
  noPaymentPage,
  noPlacePage,
  noReminderPage,
  paymentPage,
  placePage,
  reminderPage,
  sandboxPage,
} from '@fedow/web'
import { allPlaces } from '../book/pages.ts'
import { SocketTransport } from '../book/socket-transport.ts'
import { type Call, command, flag, text } from '../command.ts'
import { demoKeys, demoKeysPath } from '../demo/demo-keys.ts'
import { greet, tryCommands } from '../demo/greeting.ts'
import { type LifeReport, toLifeText } from '../demo/life-report.ts'
import { type LifeSpan, readLifeSpan } from '../demo/life-span.ts'
import { liveDemo } from '../demo/live.ts'
import { castOf, prepareDemo } from '../demo/prepare.ts'
import { DemoStopped } from '../demo/script.ts'
import { meltingOf, readStory } from '../demo/story.ts'
import { Misuse, Refused } from '../failure.ts'
import { untilAborted } from '../interrupt.ts'
import { NETWORK_USUAL } from './init.ts'

const FLAGS = {
  port: 'FEDOW_PORT',
  host: 'FEDOW_HOST',
  domain: 'FEDOW_DOMAIN',
  log: 'FEDOW_LOG',
} as const

export const start = command({
  name: 'start',
  summary: 'Run the node of the data folder until it is asked to stop',
  details:
    'An empty folder becomes a network of one. Flags stand before the environment variables of the same names.\n\nWith --demo --live 3y, the demonstration of an empty folder lives three years of seasons before the node serves: 2,000 people, about 310,000 lines, dated so that the years end now. Its places vote with keys of their own, what sleeps melts and is shared out, grants are paid. It takes about a minute, ends with an audit, and tells what became of the commons. Stopped before, it goes on with the same command.',
  options: {
    demo: flag('prepare a demonstration federation, in a book that has no place yet'),
    live: text('time', 'with --demo: live so long first, 7d to 10y, such as 3y, 18m or 90d'),
    port: text(
      'port',
      `FEDOW_PORT: ${SETTINGS.FEDOW_PORT.what}; ${SETTINGS.FEDOW_PORT.usual} when absent`,
    ),
    host: text(
      'host',
      `FEDOW_HOST: ${SETTINGS.FEDOW_HOST.what}; ${SETTINGS.FEDOW_HOST.usual} when absent`,
    ),
    domain: text('name', `FEDOW_DOMAIN: ${SETTINGS.FEDOW_DOMAIN.what}`),
    log: text('level', `FEDOW_LOG: ${SETTINGS.FEDOW_LOG.what}`),
    acceptClock: flag('vouch for the clock, when the last block is over 30 days old'),
  },
  examples: [
    'start',
    'start --demo --port 8081',
    'start --demo --live 3y --data three-years',
    'start --data /var/lib/fedow --host 0.0.0.0 --json',
  ],
  async run(call, { demo, live, acceptClock, ...flags }) {
    const read = withFlags(call.config, flags)
    const config = { ...read, acceptClock: acceptClock || read.acceptClock }
    const span = toSpan(live, demo)
    const life = span && (await liveOrStop(call, { config, span }))
    if (life === 'stopped') return
    makeBook(config.folder, demo)
    await using node = await open(config)
    await tellAndDemonstrate(call, { node, demo, life })
    const reason = await Promise.race([
      untilAborted(call.stop).then(() => ({ kind: 'asked' }) as const),
      node.stopped,
    ])
    if (reason.kind === 'failed') throw new Refused(`The node has stopped: ${reason.message}`)
    call.screen.note('Stopping: answers that are under way are waited for.')
  },
})

function withFlags(
  config: Config,
  flags: Readonly<Record<keyof typeof FLAGS, string | undefined>>,
): Config {
  const read = <T>(
    name: keyof typeof FLAGS,
    parse: (text: string) => T | undefined,
    usual: T,
  ): T => {
    const text = flags[name]
    if (text === undefined) return usual
    const value = parse(text)
    if (value !== undefined) return value
    throw new Misuse(
      `--${name} "${text}" is not ${SETTINGS[FLAGS[name]].what}. Nothing was started.`,
    )
  }
  return {
    ...config,
    port: read('port', SETTINGS.FEDOW_PORT.parse, config.port),
    host: read('host', SETTINGS.FEDOW_HOST.parse, config.host),
    domain: read('domain', SETTINGS.FEDOW_DOMAIN.parse, config.domain),
    logLevel: read('log', SETTINGS.FEDOW_LOG.parse, config.logLevel),
  }
}

function toSpan(live: string | undefined, isDemo: boolean): LifeSpan | undefined {
  if (live === undefined) return undefined
  if (isDemo) return readLifeSpan(live)
  throw new Misuse('--live is for the demonstration: add --demo. Nothing was started.')
}

/** Lives a life before anybody comes; answers what there is to tell of it. */
async function liveOrStop(
  { screen, stop }: Call,
  { config, span }: { readonly config: Config; readonly span: LifeSpan },
): Promise<LifeReport | undefined | 'stopped'> {
  try {
    const report = await liveDemo({ config, span, screen, stop, nowMs: Date.now() })
    if (report !== 'there') {
      screen.note(toLifeText(report))
      return report
    }
    screen.note(`The demonstration has lived its ${span.text} already.`)
    return undefined
  } catch (cause) {
    if (!(cause instanceof DemoStopped)) throw cause
    screen.note(`The life was stopped; the same command, with --live ${span.text}, goes on.`)
    return 'stopped'
  }
}

function makeBook(folder: string, isDemo: boolean): void {
  if (hasGenesis(folder)) return
  if (isImportUnfinished(folder)) {
    throw new Refused(
      `An import of v1 into ${folder} was interrupted, and nothing of it counts yet. Run "fedow import v1 ... --apply" again, or remove the folder.`,
    )
  }
  const network = isDemo ? 'Démonstration' : NETWORK_USUAL
  const melting = isDemo ? meltingOf(readStory()) : undefined
  initFolder(folder, { network, timeMs: Date.now(), melting })
}

const DASHBOARD_PAGES: NonNullable<NodeOptions['dashboardPages']> = {
  dashboard: (facts, asked) => dashboardPage(facts, languageOf(asked)),
  place: (facts, asked) => placePage(facts, languageOf(asked)),
  noPlace: (asked) => noPlacePage(languageOf(asked)),
}

const PAYMENT_PAGES: NonNullable<NodeOptions['paymentPages']> = {
  payment: (facts, asked) => paymentPage(facts, languageOf(asked)),
  sandbox: (facts, asked) => sandboxPage(facts, languageOf(asked)),
  idleReader: (asked) => idleReaderPage(languageOf(asked)),
  none: (asked) => noPaymentPage(languageOf(asked)),
}

const REMINDER_PAGES: NonNullable<NodeOptions['reminderPages']> = {
  reminders: (facts, asked) => reminderPage(facts, languageOf(asked)),
  none: (asked) => noReminderPage(languageOf(asked)),
}

async function open(config: Config): Promise<RunningNode> {
  try {
    const firstPageIn: NodeOptions['firstPage'] = (facts, asked) =>
      firstPage(facts, languageOf(asked))
    return await startNode(config, {
      firstPage: firstPageIn,
      dashboardPages: DASHBOARD_PAGES,
      paymentPages: PAYMENT_PAGES,
      reminderPages: REMINDER_PAGES,
    })
  } catch (cause) {
    const code = (cause as { code?: unknown } | null)?.code
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw cause
    const why =
      code === 'EADDRINUSE' ? 'another program uses it' : `the system refuses it (${code})`
    throw new Refused(
      `The node cannot listen on ${config.host}, port ${config.port}: ${why}. The book was not changed. Choose another with --port or --host.`,
    )
  }
}

interface Running {
  readonly node: RunningNode
  readonly demo: boolean
  readonly life: LifeReport | undefined
}

async function tellAndDemonstrate(
  { screen, stop }: Call,
  { node, demo, life }: Running,
): Promise<void> {
  using socket = new SocketTransport(node.socketPath)
  const client = createClient({ transport: socket.send })
  const origin = node.address ?? ''
  const facts = {
    address: origin,
    openapi: `${origin}/api/v2/openapi.json`,
    status: `${origin}/api/v2/status`,
    socket: node.socketPath,
    folder: node.folder,
    network: node.network,
    chain: node.chain,
  }
  const about = `Fedow runs: the network "${node.network}", its book in ${node.folder}
  page     ${origin}/
  API      ${origin}/api/v2
  OpenAPI  ${facts.openapi}
  status   ${facts.status}`
  if (!demo) return screen.answer(facts, () => about)
  try {
    const { genesis } = readGenesis(node.folder)
    const state = await prepareDemo({
      client,
      sinceMs: genesis.timeMs,
      stop,
      openProgress: () => screen.progress('Demonstration'),
    })
    if (state === 'refused') {
      screen.note('This book has places of its own: nothing of the demonstration was added.')
      return screen.answer(facts, () => about)
    }
    const story = readStory()
    const names = new Set(story.places.map(({ name }) => name))
    const places = (await allPlaces(client)).filter(({ name }) => names.has(name))
    const keys = await demoKeys(client, node.folder, places)
    const greeting = { origin, folder: node.folder, places, keys, card: castOf(story).tryout }
    const keysFile = demoKeysPath(node.folder)
    const demoFacts = { keys, keysFile, try: tryCommands(greeting), ...(life && { life }) }
    screen.answer(
      { ...facts, demo: demoFacts },
      () => `${about}\n${greet(greeting)}\n\nStop it with Ctrl-C.`,
    )
  } catch (cause) {
    if (!(cause instanceof DemoStopped)) throw cause
    screen.note('The demonstration was stopped; the next "fedow start --demo" goes on where it is.')
  }
}

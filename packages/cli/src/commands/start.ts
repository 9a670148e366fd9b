import { createClient } from '@fedow/api'
import {
  type Config,
  hasGenesis,
  initFolder,
  type NodeOptions,
  type RunningNode,
  readGenesis,
  SETTINGS,
  startNode,
} from '@fedow/node'
import { firstPage, languageOf } from '@fedow/web'
import { allPlaces } from '../book/pages.ts'
import { SocketTransport } from '../book/socket-transport.ts'
import { type Call, command, flag, text } from '../command.ts'
import { demoKeys, demoKeysPath } from '../demo/demo-keys.ts'
import { greet, tryCommands } from '../demo/greeting.ts'
import { castOf, prepareDemo } from '../demo/prepare.ts'
import { DemoStopped } from '../demo/script.ts'
import { leftOutAssets, readStory } from '../demo/story.ts'
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
    'An empty folder becomes a network of one. Flags stand before the environment variables of the same names.',
  options: {
    demo: flag('prepare a demonstration federation, in a book that has no place yet'),
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
    'start --data /var/lib/fedow --host 0.0.0.0 --json',
  ],
  async run(call, { demo, acceptClock, ...flags }) {
    const read = withFlags(call.config, flags)
    const config = { ...read, acceptClock: acceptClock || read.acceptClock }
    makeBook(config.folder, demo)
    await using node = await open(config)
    await tellAndDemonstrate(call, { node, demo })
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

function makeBook(folder: string, isDemo: boolean): void {
  if (hasGenesis(folder)) return
  initFolder(folder, { network: isDemo ? 'Démonstration' : NETWORK_USUAL, timeMs: Date.now() })
}

async function open(config: Config): Promise<RunningNode> {
  try {
    const firstPageIn: NodeOptions['firstPage'] = (facts, asked) =>
      firstPage(facts, languageOf(asked))
    return await startNode(config, { firstPage: firstPageIn })
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
}

async function tellAndDemonstrate({ screen, stop }: Call, { node, demo }: Running): Promise<void> {
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
    if (state === 'made') {
      const left = leftOutAssets(story)
      screen.note(`Left out until the commons are there: ${[...left, 'melting'].join(', ')}.`)
    }
    const names = new Set(story.places.map(({ name }) => name))
    const places = (await allPlaces(client)).filter(({ name }) => names.has(name))
    const keys = await demoKeys(client, node.folder, places)
    const greeting = { origin, folder: node.folder, places, keys, card: castOf(story).tryout }
    const demoFacts = { keys, keysFile: demoKeysPath(node.folder), try: tryCommands(greeting) }
    screen.answer(
      { ...facts, demo: demoFacts },
      () => `${about}\n${greet(greeting)}\n\nStop it with Ctrl-C.`,
    )
  } catch (cause) {
    if (!(cause instanceof DemoStopped)) throw cause
    screen.note('The demonstration was stopped; the next "fedow start --demo" goes on where it is.')
  }
}

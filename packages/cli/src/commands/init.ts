import { hasGenesis, initFolder, KEY_NAMES, keyPath } from '@fedow/node'
import { command, text } from '../command.ts'
import { Refused } from '../failure.ts'

/** What a network of one is called when nobody says. */
export const NETWORK_USUAL = 'Fedow'

export const init = command({
  name: 'init',
  summary: 'Make the book of a new network of one: its keys and its genesis',
  details:
    'Nothing is overwritten: a folder that has a book is refused. The keys lie in the folder, readable for you alone; without them nobody can open places or issue euros on this book again.',
  options: { network: text('name', `what the network is called, ${NETWORK_USUAL} when absent`) },
  examples: ['init --network "Archipel"', 'init --data /var/lib/fedow --network "Archipel" --json'],
  async run({ config, screen }, { network = NETWORK_USUAL }) {
    const { folder } = config
    if (hasGenesis(folder)) {
      throw new Refused(
        `${folder} has a book already. Nothing was changed. Name another folder with --data, or start this one with "fedow start".`,
      )
    }
    const { chain } = initFolder(folder, { network, timeMs: Date.now() })
    const keys = KEY_NAMES.map((name) => keyPath(folder, name))
    screen.done(
      { network, chain, folder, keys },
      () => `The network "${network}" has its book in ${folder} (chain ${chain}).
Keep a copy of these keys in a safe place:
${keys.map((path) => `  ${path}`).join('\n')}
Start it: fedow start`,
    )
  },
})

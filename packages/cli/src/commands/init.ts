import { type Amount, COOPERATIVE_MELTING } from '@fedow/ledger'
import { hasGenesis, initFolder, KEY_NAMES, keyPath } from '@fedow/node'
import { command, flag, text } from '../command.ts'
import { Refused } from '../failure.ts'
import { parseAmount } from '../text/amount.ts'

/** What a network of one is called when nobody says. */
export const NETWORK_USUAL = 'Fedow'

export const init = command({
  name: 'init',
  summary: 'Make the book of a new network of one: its keys and its genesis',
  details:
    'Nothing is overwritten: a folder that has a book is refused. The keys lie in the folder, readable for you alone; without them nobody can open places or issue euros on this book again.',
  options: {
    network: text('name', `what the network is called, ${NETWORK_USUAL} when absent`),
    issueDayMax: text('amount', 'most federated euros issued in a day; no limit when absent'),
    twoKeepersAbove: text(
      'amount',
      'more than that at once, or by hand in a day, is issued with the approval of a second keeper; never when absent',
    ),
    melting: flag(
      'federated euros melt: nothing for a year of sleep, then 1 % a month, a third each to places, commons and maintenance; without it, places may vote so later',
    ),
  },
  examples: [
    'init --network "Archipel"',
    'init --network "Archipel" --issue-day-max 20000 --two-keepers-above 2000',
    'init --network "Archipel" --melting',
    'init --data /var/lib/fedow --network "Archipel" --json',
  ],
  async run({ config, screen }, { network = NETWORK_USUAL, melting: isMelting, ...values }) {
    const { folder } = config
    if (hasGenesis(folder)) {
      throw new Refused(
        `${folder} has a book already. Nothing was changed. Name another folder with --data, or start this one with "fedow start".`,
      )
    }
    const limits = {
      issueDayMax: readLimit(values.issueDayMax),
      twoKeepersAbove: readLimit(values.twoKeepersAbove),
    }
    const melting = isMelting ? COOPERATIVE_MELTING : undefined
    const about = { network, timeMs: Date.now(), ...limits, melting }
    const { chain } = initFolder(folder, about)
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

/** Throws Misuse. */
function readLimit(text: string | undefined): Amount | undefined {
  return text === undefined ? undefined : (parseAmount(text) as Amount)
}

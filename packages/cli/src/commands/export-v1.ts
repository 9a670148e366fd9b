import {
  FolderLockedError,
  ForeignFileError,
  OtherVersionError,
  WayBackError,
  writeWayBack,
} from '@fedow/node'
import { command, needed } from '../command.ts'
import { Refused } from '../failure.ts'

export const exportV1 = command({
  name: 'export v1',
  summary:
    'The way back: write a copy of the v1 database that was imported, with all that happened since',
  details:
    'The node of the folder is stopped for it. Adds wallets, people, places, assets, cards, keys and lines that came since, and sets every balance to what the book says. Neither the book nor the original is changed.',
  arguments: {
    original: needed('original', 'the database that was imported'),
    target: needed('target', 'where the new one goes; not there yet'),
  },
  examples: [
    'export v1 db.sqlite3 db-back.sqlite3',
    'export v1 db.sqlite3 db-back.sqlite3 --data /var/lib/fedow',
  ],
  async run({ config, screen }, { original, target }) {
    const done = write({ folder: config.folder, original, target })
    const { lines, accounts, added } = done
    screen.done({ target, lines, accounts, ...added }, () => {
      const { wallets, people, places, assets, cards, keys } = added
      return `${target} has ${lines} more lines, ${accounts} other balances, and ${wallets} wallets, ${people} people, ${places} places, ${assets} assets, ${cards} cards and ${keys} keys that are new.
Start v1 on it. Keep this folder: it is the history of what happened here.`
    })
  },
})

function write(order: Parameters<typeof writeWayBack>[0]): ReturnType<typeof writeWayBack> {
  try {
    return writeWayBack(order)
  } catch (cause) {
    const isKnown =
      cause instanceof WayBackError ||
      cause instanceof FolderLockedError ||
      cause instanceof ForeignFileError ||
      cause instanceof OtherVersionError
    throw isKnown ? new Refused(cause.message) : cause
  }
}

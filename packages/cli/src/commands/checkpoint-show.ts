import { getBlock, getCheckpoint } from '@fedow/api'
import { Malformed, parseCheckpoint, parseNote, toBase64 } from '@fedow/ledger'
import { type Call, command, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'
import { whenSealed } from '../proof/when-sealed.ts'

export const checkpointShow = command({
  name: 'checkpoint show',
  summary: 'The signed checkpoint of the last sealed block, or of one at a height',
  details:
    'Keep one from time to time, on paper or elsewhere: it fixes all that happened before. "fedow audit --against FILE" tells whether a copy of the book still agrees with it.',
  arguments: { height: text('height', 'the height of a block; the last sealed one when absent') },
  examples: [
    'checkpoint show',
    'checkpoint show 120 > monday.checkpoint',
    'checkpoint show --json',
  ],
  async run(call, { height }) {
    const note = await whenSealed(call, () => read(call, height))
    call.screen.answer({ ...factsOf(note), checkpoint: note }, () => note.trimEnd())
  },
})

async function read({ client }: Call, text: string | undefined): Promise<string> {
  if (text === undefined) return client.call(getCheckpoint, {})
  if (!/^\d{1,15}$/.test(text)) {
    throw new Misuse(`"${text}" is not the height of a block. Nothing was asked.`)
  }
  const height = Number(text)
  const { checkpoint } = await client.call(getBlock, { params: { height } })
  if (checkpoint !== undefined) return checkpoint
  throw new Refused(`Block ${height} is not sealed yet. Ask again in a second.`)
}

function factsOf(text: string): object {
  const note = parseNote(text)
  const found = note instanceof Malformed ? note : parseCheckpoint(note.text)
  if (found instanceof Malformed) throw new Error(`The node sent no checkpoint: ${found.expected}.`)
  const { chain, height, size, root, state, block } = found
  const [history, records, hash] = [root, state, block].map(toBase64)
  return { chain, height, size, root: history, state: records, block: hash }
}

import { attestTransferFile, toDecimal } from '@fedow/api'
import { fileValue, readFileId } from '../book/transfer-file.ts'
import { command, needed } from '../command.ts'

export const venueTransferDone = command({
  name: 'venue transfer-done',
  summary: 'Attest that the bank has paid a file: its federated euros leave circulation, once',
  details:
    'Signed with the keeper’s key of the data folder. The evidence of each deposit is its end-to-end id, as it is on the statement of the bank.',
  arguments: fileValue,
  options: { reference: needed('text', 'what the bank calls the payment of the file') },
  examples: [
    'venue transfer-done 0198f3a0-2222-7000-8000-000000000001 --reference "VIR 0043"',
    'venue transfer-done 0198f3a0-2222-7000-8000-000000000001 --reference "VIR 0043" --json',
  ],
  async run({ client, screen }, { file: text, reference }) {
    const params = { file: readFileId(text) }
    const done = await client.call(attestTransferFile, { params, body: { reference } })
    screen.done(done, () => {
      const waiting = done.transfers.filter(({ state }) => state !== 'deposited')
      const told = `${toDecimal(done.amount)} euros were paid to ${done.transfers.length} ${done.transfers.length === 1 ? 'venue' : 'venues'}.`
      if (waiting.length === 0) return told
      const why = [...new Set(waiting.map(({ problem = 'not yet' }) => problem))].join(', ')
      return `${told} ${waiting.length} deposits wait (${why}): they are tried again by themselves.`
    })
  },
})

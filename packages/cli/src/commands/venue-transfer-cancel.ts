import { cancelTransferFile } from '@fedow/api'
import { fileValue, readFileId } from '../book/transfer-file.ts'
import { command } from '../command.ts'

export const venueTransferCancel = command({
  name: 'venue transfer-cancel',
  summary: 'Cancel a file that the bank never gets',
  details: 'Never cancel a file that the bank may pay: the venues would be paid twice.',
  arguments: fileValue,
  examples: [
    'venue transfer-cancel 0198f3a0-2222-7000-8000-000000000001',
    'venue transfer-cancel 0198f3a0-2222-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { file }) {
    const done = await client.call(cancelTransferFile, { params: { file: readFileId(file) } })
    screen.done(done, () => 'Cancelled: what was in it may be in another file.')
  },
})

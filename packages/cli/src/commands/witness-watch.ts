import { watchLog } from '@fedow/api'
import { command, needed } from '../command.ts'
import { toWitnesses } from '../text/witnesses.ts'

export const witnessWatch = command({
  name: 'witness watch',
  summary: 'Co-sign the checkpoints of another book, whenever its node asks',
  details:
    'This node then remembers how far it has seen that book, and refuses whatever does not continue it. It moves no money and reads no payment.',
  arguments: { vkey: needed('vkey', 'the log key that "fedow witness key" shows there') },
  examples: [
    'witness watch fedow/750ce38eccd2e3f3954d32eaab1dd47e+f6936f6f+ARcKYz7cFCqOCVCHJpu4JRfbH8UcqHJ+pE0ekz5MK/Tr',
    'witness watch fedow/750ce38eccd2e3f3954d32eaab1dd47e+f6936f6f+ARcKYz7cFCqOCVCHJpu4JRfbH8UcqHJ+pE0ekz5MK/Tr --json',
  ],
  async run({ client, screen }, { vkey }) {
    const done = await client.call(watchLog, { body: { key: vkey } })
    screen.done(done, () => toWitnesses(done))
  },
})

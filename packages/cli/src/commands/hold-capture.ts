import { captureHold, getHold } from '@fedow/api'
import { holdValue, readHold } from '../book/hold.ts'
import { assetNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { command, text } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const holdCapture = command({
  name: 'hold capture',
  summary: 'Pay from a hold, whole or in part; the rest is free again',
  arguments: holdValue,
  options: { amount: text('amount', 'how much, all of it when absent') },
  examples: [
    'hold capture 0198f3a0-1111-7000-8000-000000000001',
    'hold capture 0198f3a0-1111-7000-8000-000000000001 --amount 12.50 --json',
  ],
  async run({ client, send, screen }, { hold: text, amount }) {
    const hold = readHold(text)
    const body = amount === undefined ? {} : { amount: await readPart() }
    const done = await send(captureHold, { params: { hold }, body })
    screen.done(done, () => `Captured ${toMoved(done, 'SAL')} (${toReceipt(done)}).`)

    async function readPart(): Promise<number> {
      const { asset } = await client.call(getHold, { params: { hold } })
      return readPositive(amount ?? '', (await assetNamed(client, asset)).kind)
    }
  },
})

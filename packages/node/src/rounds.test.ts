import { expect, it } from 'vitest'
import { Rounds } from './rounds.ts'

it('comes round at once, and again when it is woken meanwhile', async () => {
  await using rounds = new Rounds()
  const { promise, resolve } = Promise.withResolvers<void>()
  let count = 0
  rounds.begin({
    round: async () => {
      count += 1
      if (count < 3) rounds.wake()
      else resolve()
    },
    onFailed: () => {},
  })
  await promise
  expect(count).toBe(3)
})

it('tells of a round that failed, rests, and does not fail all the time because it woke itself', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const failures: unknown[] = []
  {
    await using rounds = new Rounds()
    rounds.begin({
      round: async () => {
        rounds.wake()
        throw new Error('a belief is false')
      },
      onFailed: (cause) => {
        failures.push(cause)
        resolve(cause)
      },
    })
    await promise
    for (let turn = 0; turn < 50; turn += 1) await new Promise((next) => setImmediate(next))
  }
  expect(failures).toHaveLength(1)
})

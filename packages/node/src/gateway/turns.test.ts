import { describe, expect, it } from 'vitest'
import { Turns } from './turns.ts'

describe('turns', () => {
  it('does the work on one key in the order in which it came, other keys at once', async () => {
    const turns = new Turns()
    const told: string[] = []
    const gate = Promise.withResolvers<void>()
    const first = turns.take('a', async () => {
      await gate.promise
      told.push('first')
    })
    const second = turns.take('a', async () => void told.push('second'))
    await turns.take('b', async () => void told.push('other'))
    expect(told).toEqual(['other'])
    gate.resolve()
    await Promise.all([first, second])
    expect(told).toEqual(['other', 'first', 'second'])
  })

  it('goes on after work that failed, and tells the failure to its own caller alone', async () => {
    const turns = new Turns()
    const failed = turns.take('a', () => Promise.reject(new Error('no')))
    const next = turns.take('a', async () => 'yes')
    await expect(failed).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })
})

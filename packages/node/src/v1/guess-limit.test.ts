import { describe, expect, it } from 'vitest'
import { GuessLimit, MISS_MS, MISSES_MAX, TOLD_MS } from './guess-limit.ts'
import { V1Refusal } from './refusal.ts'

function start() {
  const told: string[] = []
  const clock = { nowMs: 5_000 }
  const limit = new GuessLimit(
    () => clock.nowMs,
    (key) => told.push(key),
  )
  /** Asks for unknown cards until the key must wait; answers how many it got through. */
  const guess = (key: string, most = 10 * MISSES_MAX) => {
    for (let count = 0; count < most; count += 1) {
      if (waitOf(limit, key) !== undefined) return count
      limit.miss(key)
    }
    return most
  }
  return { limit, clock, told, guess }
}

/** The refusal of a key that must wait. */
function waitOf(limit: GuessLimit, key: string): V1Refusal | undefined {
  try {
    limit.demand(key)
    return undefined
  } catch (cause) {
    if (cause instanceof V1Refusal) return cause
    throw cause
  }
}

describe('a key that guesses cards', () => {
  it('has its misses, then one for each that came back', () => {
    const { clock, guess } = start()
    expect(guess('a')).toBe(MISSES_MAX)
    expect(guess('a')).toBe(0)
    clock.nowMs += 7 * MISS_MS
    expect(guess('a')).toBe(7)
    clock.nowMs += 10 * MISSES_MAX * MISS_MS
    expect(guess('a')).toBe(MISSES_MAX)
  })

  it('is told how long to wait, and may ask then', () => {
    const { limit, clock, guess } = start()
    guess('a')
    clock.nowMs += 0.4 * MISS_MS
    const refused = waitOf(limit, 'a')
    expect(refused).toMatchObject({ status: 429, retryAfterS: 1 })
    expect(JSON.stringify(refused?.body)).toContain('Réessayez dans 1\u00a0s.')
    clock.nowMs += (refused?.retryAfterS ?? 0) * 1_000
    expect(waitOf(limit, 'a')).toBeUndefined()
  })

  it('waits alone', () => {
    const { guess, limit } = start()
    guess('a')
    expect(waitOf(limit, 'b')).toBeUndefined()
    expect(guess('b')).toBe(MISSES_MAX)
  })

  it('is told of once in a while', () => {
    const { clock, guess, told } = start()
    guess('a', MISSES_MAX)
    expect(told).toEqual([])
    for (let count = 0; count < 5; count += 1) guess('a')
    expect(told).toEqual(['a'])
    clock.nowMs += TOLD_MS - 1
    guess('a')
    expect(told).toEqual(['a'])
    clock.nowMs += 1
    guess('a')
    expect(told).toEqual(['a', 'a'])
  })
})

it('never stops a gate that meets an unknown card now and then', () => {
  const { limit, clock } = start()
  for (let second = 0; second < 2 * MISSES_MAX; second += 1) {
    expect(waitOf(limit, 'gate')).toBeUndefined()
    limit.miss('gate')
    clock.nowMs += 1_000
  }
})

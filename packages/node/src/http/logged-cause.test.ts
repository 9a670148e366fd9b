import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { loggedCause } from './logged-cause.ts'

/** What a log prints of a cause. */
function logged(cause: unknown): { readonly cause: Record<string, unknown> } {
  let text = ''
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      done()
    },
  })
  pino({ serializers: { cause: loggedCause } }, stream).error({ cause }, 'A fault')
  return JSON.parse(text)
}

it('is told with its words, where it came from, and what caused it', () => {
  const { cause } = logged(new Error('no answer', { cause: new TypeError('not a number') }))
  expect(cause).toMatchObject({
    ...{ name: 'Error', message: 'no answer' },
    cause: { name: 'TypeError', message: 'not a number' },
  })
  expect(cause['stack']).toContain('logged-cause.test.ts')
})

it('leaves out what else an error carries', () => {
  const odd = Object.assign(new Error('refused'), { headers: { authorization: 'Bearer sk_live' } })
  expect(JSON.stringify(logged(odd))).not.toContain('sk_live')
})

it('tells what is no error as it is', () => {
  expect(logged('timeout').cause).toBe('timeout')
})

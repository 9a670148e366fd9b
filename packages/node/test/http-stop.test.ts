/** A node that is asked to stop answers what is under way, and ends. */

import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startServer } from './http-server.ts'

it('does not wait for a client that keeps its connection open after its last answer', async () => {
  const { promise: began, resolve: begin } = Promise.withResolvers<void>()
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  await using server = await startServer()
  server.app.server.on('request', () => begin())
  const agent = new Agent({ keepAlive: true })
  const { port } = new URL(server.origin)
  const asked = request({ port, path: '/api/v2/status', agent, method: 'GET' })
  server.app.server.prependOnceListener('request', (_, response) => {
    // Its answer begins only when the stop has begun.
    const end = response.end.bind(response)
    response.end = ((...parts: Parameters<typeof end>) => {
      void held.then(() => end(...parts))
      return response
    }) as typeof response.end
  })
  asked.end()
  await began
  const closed = server.app.close()
  while (server.app.server.listening) await setImmediate()
  letGo()
  const [answer] = await once(asked, 'response')
  answer.resume()
  await once(answer, 'end')
  expect(answer.statusCode).toBe(200)
  await closed
  agent.destroy()
})

/** What an answer tells of the book is on disk before the answer leaves. */
import { getStatus } from '@fedow/api'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  // From now on the engine writes nothing by itself.
  await server.engine.blocks(0)[Symbol.asyncIterator]().next()
})
afterAll(() => server[Symbol.asyncDispose]())

const URLS = ['/api/v2/status', '/api/v2/nothing-here', '/helloworld/', '/dashboard/'] as const

it.each(URLS)('waits for the disk before %s is answered', async (url) => {
  const { app, book } = server
  book.write(() => {})
  expect(book.reader.isDurable).toBe(false)
  const { statusCode } = await app.inject({ url })
  expect(statusCode).toBeLessThan(500)
  expect(book.reader.isDurable).toBe(true)
})

it('waits for the disk at the door of the operator too', async () => {
  const { operator, book } = server
  book.write(() => {})
  await operator.call(getStatus, {})
  expect(book.reader.isDurable).toBe(true)
})

it('waits for the disk before who follows the blocks sees one', async () => {
  const { engine, book } = server
  book.write(() => {})
  await engine.blocks(0)[Symbol.asyncIterator]().next()
  expect(book.reader.isDurable).toBe(true)
})

it.each([
  ['/api/v2/status', 504],
  ['/helloworld/', 500],
] as const)('says of %s that it does not know, when the disk fails', async (url, status) => {
  const { app, book } = server
  using _ = vi.spyOn(book.reader, 'isDurable', 'get').mockReturnValue(false)
  using __ = vi.spyOn(book.reader, 'durable').mockRejectedValue(new Error('EIO'))
  const answer = await app.inject({ url })
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['content-type']).toContain('json')
  expect(answer.body).not.toContain('EIO')
})

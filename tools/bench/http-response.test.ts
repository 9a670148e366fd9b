import { describe, expect, it } from 'vitest'
import { type HttpResponse, ResponseReader } from './http-response.ts'

const FIRST = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n{"é":'
const SECOND = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length:0\r\n\r\n'

function readAll(reader: ResponseReader, chunks: readonly Buffer[]): readonly HttpResponse[] {
  const found: HttpResponse[] = []
  for (const chunk of chunks) {
    let response = reader.read(chunk)
    while (response !== undefined) {
      found.push(response)
      response = reader.read()
    }
  }
  return found
}

function cut(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

describe('the response reader', () => {
  it.each([1, 2, 7, 64, 1_000])('reads two responses in chunks of %i bytes', (size) => {
    const found = readAll(new ResponseReader(), cut(Buffer.from(FIRST + SECOND), size))
    expect(found.map(({ status, body }) => [status, body.toString()])).toEqual([
      [200, '{"é":'],
      [503, ''],
    ])
  })

  it('waits for the whole body', () => {
    expect(new ResponseReader().read(Buffer.from(FIRST).subarray(0, -1))).toBeUndefined()
  })

  it.each([
    ['a body without a length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['what is not HTTP', 'SSH-2.0\r\n\r\n'],
  ])('refuses %s', (_, text) => {
    expect(() => new ResponseReader().read(Buffer.from(text))).toThrow('cannot read')
  })
})

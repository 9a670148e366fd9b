import { join } from 'node:path'
import { ROUTES } from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'

const FILE = join(import.meta.dirname, '../../../docs/openapi.json')

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, object>> }>
  >
}
interface Description {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

let server: TestServer
let text: string
let description: Description

beforeAll(async () => {
  server = await startServer()
  text = await (await fetch(`${server.origin}/api/v2/openapi.json`)).text()
  description = JSON.parse(text)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

describe('the OpenAPI document', () => {
  it('is the one in docs/openapi.json: after a change of the contract, write it anew', async () => {
    await expect(`${JSON.stringify(description, null, 2)}\n`).toMatchFileSnapshot(FILE)
  })

  it('names every route once, with what may go wrong', () => {
    expect(description.openapi).toBe('3.1.0')
    const operations = Object.values(description.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.toSorted()).toEqual(ROUTES.map(({ schema }) => schema.operationId).toSorted())
    const texts = new Map(ROUTES.map(({ schema, texts = [] }) => [schema.operationId, texts]))
    for (const { operationId, summary, responses } of operations) {
      expect(summary.length).toBeGreaterThan(5)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '400', '500']))
      for (const [status, { content }] of Object.entries(responses)) {
        if (status === '200') continue
        const isText = texts.get(operationId)?.includes(Number(status))
        const type = isText ? 'text/plain' : 'application/problem+json'
        expect(Object.keys(content ?? {})).toEqual([type])
      }
    }
  })

  it('has no reference that leads nowhere', () => {
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path)
    expect(references.length).toBeGreaterThan(50)
    for (const path of new Set(references)) {
      const found = path
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], description)
      expect(found, path).toBeTypeOf('object')
    }
  })
})

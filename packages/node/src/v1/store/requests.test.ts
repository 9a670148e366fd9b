import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TxId } from '@fedow/ledger'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { V1Request } from './requests.ts'
import { openV1Store } from './v1-store.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-requests-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function request(number: number, body: string): V1Request {
  const id = `${String(number).padStart(8, '0')}-0000-8000-8000-000000000000` as TxId
  return { id, route: 'POST /transaction/ bar', body, timeMs: 1_000, status: null, text: null }
}

it('answers the row that was there before, written or about to be', async () => {
  {
    using store = openV1Store(join(folder, 'v1.db'))
    const first = store.requests.add(request(1, 'first'))
    const [again, other] = [
      store.requests.add(request(1, 'again')),
      store.requests.add(request(2, 'other')),
    ]
    expect(await first).toBeUndefined()
    expect(await again).toMatchObject({ body: 'first' })
    expect(await other).toBeUndefined()
    expect(await store.requests.add(request(1, 'later'))).toMatchObject({ body: 'first' })
    store.requests.answer(request(1, '').id, 400, 'refused')
  }
  using store = openV1Store(join(folder, 'v1.db'))
  const [known, fresh] = await Promise.all([
    store.requests.add(request(1, 'after a restart')),
    store.requests.add(request(3, 'new')),
  ])
  expect(known).toMatchObject({ body: 'first', status: 400, text: 'refused' })
  expect(fresh).toBeUndefined()
  expect(store.requests.find(request(3, '').id)).toMatchObject({ body: 'new' })
})

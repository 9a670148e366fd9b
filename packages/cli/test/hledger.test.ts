import { readFileSync } from 'node:fs'
import { createClient, getCard } from '@fedow/api'
import { socketPathOf } from '@fedow/node'
import { describe, expect, it } from 'vitest'
import { SocketTransport } from '../src/book/socket-transport.ts'
import { Folder, stop } from './fedow.ts'
import { balances, HAS_HLEDGER } from './hledger.ts'

interface Held {
  readonly accounts: readonly Account[]
}

interface Account {
  readonly asset: string
  readonly code: string
  readonly balance: number
}

describe('fedow export hledger', () => {
  // Another program, by other people, is the witness: without it there is nothing to compare with.
  it.skipIf(!HAS_HLEDGER)(
    'gives hledger the same balances (needs the program hledger)',
    async () => {
      using folder = new Folder()
      const node = await folder.node('--demo')
      using socket = new SocketTransport(socketPathOf(folder.path))
      const client = createClient({ transport: socket.send })
      const file = folder.beside('book.journal')
      const { lines } = await folder.ask('export', 'hledger', '--output', file)
      expect(lines).toBe((await folder.ask('status')).lines)
      const counted = balances(file)
      expect(counted.size).toBeGreaterThan(100)

      const { places } = await folder.ask('place', 'list')
      for (const { name } of places as { name: string }[]) {
        expectSame(counted, `place:${name}`, await folder.ask('wallet', 'show', name))
      }
      for (const tag of tagsOf('cards-festival-1.csv').slice(12, 84)) {
        const card = await client.call(getCard, { params: { card: tag } })
        const kind = card.person === undefined ? 'card' : 'person'
        expectSame(counted, `${kind}:${String(card.wallet).slice(-8)}`, card)
      }
      const { assets } = await folder.ask('audit')
      const codeOf = await codes(folder)
      for (const { asset, name, kind, issued } of assets as {
        asset: string
        name: string
        kind: string
        issued: number
      }[]) {
        const code = codeOf.get(asset) ?? kind
        const counter = counted.get(`issuance:${name} ${code} ${asset.slice(-8)}`) ?? 0
        expect(counter + issued, name).toBe(0)
      }
      await stop(node)
    },
  )

  it('writes the journal to the standard output, and whole into --json', async () => {
    using folder = new Folder()
    await folder.ask('init')
    await folder.ask('place', 'create', 'La Raffinerie')
    const { stdout } = await folder.run('export', 'hledger')
    const { journal, lines } = await folder.ask('export', 'hledger')
    expect(journal).toBe(stdout)
    expect(lines).toBe(2)
    const missing = await folder.run(
      'export',
      'hledger',
      '--output',
      folder.beside('none/book.journal'),
    )
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('not written whole') })
  })
})

function expectSame(counted: Map<string, number>, account: string, wallet: object): void {
  for (const { code, asset, balance } of (wallet as Held).accounts) {
    const key = `${account} ${code} ${asset.slice(-8)}`
    expect([key, counted.get(key) ?? 0]).toEqual([key, balance])
  }
}

async function codes(folder: Folder): Promise<Map<string, string>> {
  const { assets } = await folder.ask('asset', 'list')
  return new Map((assets as { id: string; code: string }[]).map(({ id, code }) => [id, code]))
}

function tagsOf(name: string): readonly string[] {
  const text = readFileSync(new URL(`../../../demo/${name}`, import.meta.url), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(',')[2] ?? '')
}

/** Clients in another language, signing as LaBoutik and Lespass do, against a whole node; then the book is audited. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AssetId, PlaceId, WalletId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { auditFolder } from '../src/store/audit.ts'
import { connectPlace } from '../src/v1/place-opening.ts'
import { newId } from './test-network.ts'
import { startV1 } from './v1-world.ts'

const CLIENTS = fileURLToPath(new URL('v1-clients.py', import.meta.url))
const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import cryptography']).status === 0,
)

/** What the clients print at their end. */
interface Played {
  readonly money: AssetId
  readonly place: PlaceId
  readonly member: WalletId
  readonly left: number
}

/** Plays them; throws with what they complain about. */
async function play(origin: string, connection: string): Promise<Played> {
  const program = spawn(python ?? 'python3', ['-B', CLIENTS, origin, connection])
  let [said, complaint] = ['', '']
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const [code] = await once(program, 'close')
  if (code !== 0) throw new Error(complaint)
  return JSON.parse(said)
}

describe('clients that sign in Python', () => {
  it.skipIf(python === undefined)(
    'connect, sell, refill, link, lose and void, each signature once (needs python3 with the package cryptography)',
    { timeout: 120_000 },
    async () => {
      await using world = await startV1({ handshakeMs: 600_000 })
      const opened = await world.openPlace('Bar du Port')
      const connection = await connectPlace(world.means, {
        place: opened.place,
        email: 'treasurer@example.org',
        id: newId(),
      })
      const { money, place, member, left } = await play(world.origin, connection)
      expect(place).toBe(opened.place)
      const { state } = world.means.book
      expect(state.get('account', `${member}/${money}`)?.balance).toBe(BigInt(left))
      expect(await auditFolder(world.server.network.folder)).toMatchObject({ ok: true })
    },
  )
})

import { constants, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder, type Running, stop } from './fedow.ts'

let folder: Folder
let node: Running

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node('--domain', 'fedow.example.org:8443')
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

describe('fedow place create', () => {
  it('prints the connection string as its last line', async () => {
    const told = await folder.run('place', 'create', 'Bar du Port')
    const lines = told.stdout.trimEnd().split('\n')
    const said = JSON.parse(String(Buffer.from(lines.at(-1) ?? '', 'base64url')))
    expect(Object.keys(said)).toEqual(['domain', 'uuid', 'temp_key'])
    expect(said.domain).toBe('fedow.example.org:8443')
    expect(lines[0]).toContain(said.uuid)
    expect(said.temp_key).toMatch(/^[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}$/)
    expect(lines.at(-1)?.length).toBeLessThanOrEqual(500)
  })

  it('answers it to programs, another one each time, of which the last one works', async () => {
    const key = ['--idempotency-key', '0190f3a0-0000-7000-8000-000000000001']
    const create = ['place', 'create', 'Le Hangar', '--email', 'ada@example.org', ...key]
    const first = await folder.ask(...create)
    const second = await folder.ask(...create)
    expect(second['place']).toBe(first['place'])
    const { address } = JSON.parse(node.text())
    const keyOf = (answer: Record<string, unknown>): string =>
      JSON.parse(String(Buffer.from(String(answer['connectionString']), 'base64url'))).temp_key
    const tries = [keyOf(first), keyOf(second), keyOf(second)]
    const statuses: number[] = []
    for (const text of tries) {
      statuses.push(await handshake(address, String(first['place']), text))
    }
    expect(statuses).toEqual([403, 202, 403])
  })
})

/** The handshake of LaBoutik; answers the status. */
async function handshake(origin: string, place: string, key: string): Promise<number> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const fields = {
    fedow_place_uuid: place,
    cashless_ip: '203.0.113.7',
    cashless_url: 'https://laboutik.example.org/',
    cashless_admin_apikey: `aaaaaaaa.${createHash('md5').update(randomBytes(8)).digest('hex')}`,
    cashless_rsa_pub_key: String(publicKey.export({ type: 'spki', format: 'pem' })),
    dokos_id: 'None',
  }
  const members = Object.entries(fields).map(
    ([name, value]) => `"${name}": ${JSON.stringify(value)}`,
  )
  const signed = toUrlSafe(Buffer.from(`{${members.join(', ')}}`))
  const padding = constants.RSA_PKCS1_PSS_PADDING
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, padding })
  const response = await fetch(`${origin}/place/handshake/`, {
    method: 'POST',
    headers: { authorization: `Api-Key ${key}`, signature: toUrlSafe(signature) },
    body: new URLSearchParams(fields),
  })
  await response.arrayBuffer()
  return response.status
}

function toUrlSafe(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

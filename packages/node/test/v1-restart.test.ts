/**
 * An evening from nothing, as both clients live it: Lespass gets its key and opens a place, LaBoutik connects, makes
 * money and cards, sells. Then the node is started again, and every request that was signed is sent once more.
 *
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Config, readConfig } from '../src/config.ts'
import { type RunningNode, startNode } from '../src/node.ts'
import {
  handshakeRequest,
  LaBoutik,
  Lespass,
  RsaKey,
  sendTo,
  type V1Response,
  type V1Sendable,
  type V1TestPerson,
} from './v1-clients.ts'

const ROUNDS = 12

interface Told {
  readonly request: V1Sendable
  readonly answer: V1Response
}

let config: Config
let node: RunningNode
const told: Told[] = []

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fedow-test-'))
  const settings = { FEDOW_V1_HANDSHAKE: '10m', FEDOW_DOMAIN: 'fedow.example.org' }
  config = { ...readConfig(settings), folder, port: 0, logLevel: 'silent' }
  node = await startNode(config)
})

afterAll(async () => {
  await node[Symbol.asyncDispose]()
  rmSync(config.folder, { recursive: true, force: true })
})

/** Sends a request; keeps it with its answer when it was signed and made something. */
async function ask(request: V1Sendable, status: number): Promise<V1Response> {
  const answer = await sendTo(node.address ?? '', request)
  const { path, method } = request
  expect([method, path, answer.status, answer.text]).toEqual([method, path, status, answer.text])
  if ('signature' in request.headers && method === 'POST') told.push({ request, answer })
  return answer
}

/** Lespass of a place that it has opened with the root key. */
async function openPlace(admin: V1TestPerson): Promise<{ lespass: Lespass; place: V1Response }> {
  const root = await ask({ method: 'GET', path: '/root_tibillet_handshake/', headers: {} }, 201)
  const founder = new Lespass({ origin: node.address ?? '', apiKey: root.json.api_key })
  const order = {
    place_domain: 'bar.lespass.example.org',
    place_name: 'Bar du Port — été',
    admin_email: admin.email,
    admin_pub_pem: admin.rsa.pem,
  }
  const place = await ask(founder.signedPost('/place/', order), 201)
  return { place, lespass: new Lespass({ origin: node.address ?? '', apiKey: place.json.key }) }
}

describe('an evening on the v1 wire', () => {
  it('goes from an empty folder to sales', async () => {
    const rsa = new RsaKey()
    const email = 'ada@example.org'
    const { lespass, place } = await openPlace({ email, rsa, wallet: '' })
    const { uuid, wallet } = place.json
    const login = { email, public_pem: rsa.pem }
    const headers = { signature: rsa.signBody(login) }
    const asked = lespass.signedPost('/wallet/get_or_create/', login)
    const person = await ask({ ...asked, headers: { ...asked.headers, ...headers } }, 200)
    const admin = { email, rsa, wallet: person.json }
    const link = await ask(lespass.signedGet('/place/link_cashless_to_place/', admin), 201)
    expect(link.json.rsa_cypher_message).toMatch(/^[\w=-]+$/)
    const tillKey = new RsaKey()
    const tempKey = String(rsa.decrypt(Buffer.from(link.json.rsa_cypher_message, 'base64url')))
    const linked = await ask(handshakeRequest({ tempKey, place: uuid, rsa: tillKey }), 202)
    told.pop()
    const keys = JSON.parse(String(Buffer.from(linked.json, 'base64url')))
    expect(keys.place_wallet_uuid).toBe(wallet)
    const of = { origin: node.address ?? '', place: uuid, wallet, rsa: tillKey }
    await sell(new LaBoutik({ ...of, apiKey: keys.place_admin_apikey }))
    expect(told.length).toBeGreaterThan(2 * ROUNDS)
  }, 60_000)

  it('gives every answer again, byte for byte, after a restart', async () => {
    await node[Symbol.asyncDispose]()
    node = await startNode(config)
    for (const { request, answer } of told) {
      if (request.path === '/place/' || request.path === '/wallet/get_or_create/') continue
      const { status, text } = await sendTo(node.address ?? '', request)
      expect([request.path, request.body, status, text]).toEqual([
        request.path,
        request.body,
        answer.status,
        answer.text,
      ])
    }
  }, 60_000)
})

/** Money, cards, refills and sales of a till. */
async function sell(till: LaBoutik): Promise<void> {
  const asset = randomUUID()
  const money = { uuid: asset, name: 'Perle', currency_code: 'PRL', category: 'TLF' }
  await ask(till.signedPost('/asset/', money), 201)
  const [primary = '', ...tags] = Array.from({ length: 4 }, newDigits)
  const cards = [primary, ...tags].map((tag) => ({
    uuid: randomUUID(),
    first_tag_id: tag,
    qrcode_uuid: randomUUID(),
    number_printed: newDigits(),
    generation: 1,
    is_primary: tag === primary,
    tokens_uuid: [],
  }))
  await ask(till.signedPost('/card/', cards), 201)
  for (let round = 0; round < ROUNDS; round += 1) {
    const tag = tags[round % tags.length] ?? ''
    const card = await ask(till.signedGet(`/card/${tag}/`), 200)
    const shared = {
      asset,
      comment: null,
      user_card_firstTagId: tag,
      primary_card_fisrtTagId: primary,
    }
    const own = { ...shared, sender: till.wallet, receiver: card.json.wallet.uuid, metadata: null }
    await ask(till.signedPost('/transaction/', { amount: 500, ...own }), 201)
    const metadata = JSON.stringify({ data: 'eyJhIjoxfQ:é', round })
    const sale = { ...shared, sender: card.json.wallet.uuid, receiver: till.wallet, metadata }
    const sold = await ask(till.signedPost('/transaction/', { amount: 120 + round, ...sale }), 201)
    expect(sold.json.metadata).toBe(metadata)
    const dear = { ...sale, amount: 1_000_000 }
    const refused = await ask(till.signedPost('/transaction/', dear), 400)
    expect(refused.json).toEqual({ non_field_errors: ['Not enough token on sender wallet'] })
  }
  const emptied = { user_card_firstTagId: tags[0] ?? '', primary_card_fisrtTagId: primary }
  await ask(till.signedPost('/card/refund/', { ...emptied, action: 'RFD' }), 205)
}

function newDigits(): string {
  return randomBytes(4).toString('hex').toUpperCase()
}

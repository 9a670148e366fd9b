/** A process is killed between the steps of paying a venue; in the end it is paid once, and nothing stays held. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postIssue, postSale, setOwnAccount, setVenueAccount } from '@fedow/api'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VenuePoint } from '../src/payments/venue-transfers.ts'
import { auditFolder } from '../src/store/audit.ts'
import { startScript } from './durability/child.ts'
import { payment } from './http-world.ts'
import { type PaymentsWorld, startPayments } from './payments-world.ts'
import { newId } from './test-network.ts'
import type { VenueRun } from './venues-child.ts'

const CHILD = join(import.meta.dirname, 'venues-child.ts')
const IBAN = 'DE89370400440532013000'
const AMOUNT = 800

let world: PaymentsWorld
let root = ''
let run: Omit<VenueRun, 'kind'>
let account = ''

beforeEach(async () => {
  world = await startPayments()
  const { stripe, server, bar } = world
  const { operator, book, network } = server
  const { place } = bar
  const [card = ''] = bar.tags
  for (const name of ['provider/stripe', 'bank/main']) {
    const evidence = { ...payment(1_000), account: name }
    await operator.call(postIssue, { body: { card, evidence } })
  }
  const parts = [{ asset: book.reader.genesis.fed.id, amount: 1_000 }]
  await bar.manager.call(postSale, { body: { place, card, parts } })
  stripe.topUp(1_000)
  const sdk = new Stripe(stripe.key, stripe.settings)
  const venue = await sdk.accounts.create({
    ...{ type: 'express', capabilities: { transfers: { requested: true } } },
  })
  account = stripe.onboard(venue).id
  const bank = { iban: IBAN, holder: 'Bar' }
  await operator.call(setVenueAccount, { params: { place }, body: { connect: account, bank } })
  await operator.call(setOwnAccount, { body: { ...bank, account: 'bank/main' } })
  root = mkdtempSync(join(tmpdir(), 'fedow-venues-'))
  const folder = join(root, 'book')
  run = { folder, stripe: { key: stripe.key, api: stripe.origin }, place, id: newId() }
  await server.app.close()
  cpSync(network.folder, folder, { recursive: true, filter: (path) => !/sock$/.test(path) })
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
  rmSync(root, { recursive: true, force: true })
})

type Death = readonly [VenueRun['kind'], VenuePoint]

const start = (wanted: Pick<VenueRun, 'kind' | 'dieAt'>) =>
  startScript(CHILD, [JSON.stringify({ ...run, ...wanted })]).ended

/** Dies at each point in its order, then runs once more, undisturbed. */
async function dieThenRun(deaths: readonly Death[], last: VenueRun['kind']): Promise<unknown> {
  for (const [kind, dieAt] of deaths) {
    const { signal, complaint } = await start({ kind, dieAt })
    expect([dieAt, signal, complaint]).toEqual([dieAt, 'SIGKILL', ''])
  }
  const after = await start({ kind: last })
  expect(after.complaint).toBe('')
  expect((await auditFolder(run.folder)).problem).toBeUndefined()
  return JSON.parse(after.lines[0] ?? '')
}

describe('a process that is killed', { timeout: 120_000 }, () => {
  it('pays a venue once through the provider, whatever it had written', async () => {
    const after = await dieThenRun(
      [
        ['pay', 'intended'],
        ['look', 'held'],
        ['look', 'transfer_made'],
        ['look', 'sent'],
      ],
      'look',
    )
    expect(after).toEqual({ states: ['deposited'], held: 0 })
    expect(world.stripe.world.transfers.all()).toHaveLength(1)
    expect(world.stripe.balance('eur', account).total).toBe(BigInt(AMOUNT))
  })

  it('marks what it had deposited, and pays nothing again', async () => {
    const after = await dieThenRun([['pay', 'deposited']], 'look')
    expect(after).toEqual({ states: ['deposited'], held: 0 })
    expect(world.stripe.world.transfers.all()).toHaveLength(1)
  })

  it('takes out what is in a file once, when it dies before it is given out and while it is attested', async () => {
    const after = await dieThenRun(
      [
        ['file', 'held'],
        ['attest', 'ended'],
        ['look', 'deposited'],
      ],
      'attest',
    )
    expect(after).toEqual({ states: ['deposited'], held: 0 })
  })

  it('releases what a cancelled file had held', async () => {
    const after = await dieThenRun(
      [
        ['file', 'held'],
        ['cancel', 'ended'],
      ],
      'look',
    )
    expect(after).toEqual({ states: ['cancelled'], held: 0 })
  })
})

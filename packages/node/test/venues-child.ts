/**
 * A node that pays a venue through the provider, or from a file for the bank, in a process of its own, which may be told
 * to die at a marked point.
 *
 * @module
 */
import type { PlaceId } from '@fedow/ledger'
import type { VenuePoint } from '../src/payments/venue-transfers.ts'
import { readGenesis, readKeys } from '../src/store/folder.ts'
import type { TransferFileId, TransferId } from '../src/store/venue-store.ts'
import { startServer } from './http-server.ts'
import { SECRET } from './payments-world.ts'

/** What a run is to do. */
export interface VenueRun {
  readonly folder: string
  readonly stripe: { readonly key: string; readonly api: string }
  /** `look`: only what a node does by itself. */
  readonly kind: 'pay' | 'file' | 'attest' | 'cancel' | 'look'
  readonly place: string
  /** Of the transfer, or of the file. */
  readonly id: string
  readonly dieAt?: VenuePoint
}

const AMOUNT = 800n

async function main({ folder, stripe, kind, dieAt, ...of }: VenueRun): Promise<void> {
  const network = { folder, genesis: readGenesis(folder), keys: readKeys(folder) }
  await using server = await startServer(undefined, {
    network: network as never,
    payments: {
      stripe: { ...stripe, webhookSecret: SECRET },
      onVenuePoint: (point) => {
        if (point === dieAt) process.kill(process.pid, 'SIGKILL')
      },
    },
  })
  const { venues, files } = server.payments
  const [place, file] = [of.place as PlaceId, of.id as TransferFileId]
  if (kind === 'pay') await venues.open({ id: of.id as TransferId, place, amount: AMOUNT })
  if (kind === 'file') await files.make({ id: file, wishes: [{ place, amount: AMOUNT }] })
  if (kind === 'attest') await files.attest(file, 'VIR 7')
  if (kind === 'cancel') await files.cancel(file)
  await venues.reconcile()
  const states = venues.store.page(10).map(({ state }) => state)
  const held = server.book.reader.records('payout', { limit: 10 }).length
  process.stdout.write(`${JSON.stringify({ states, held })}\n`)
}

await main(JSON.parse(process.argv[2] ?? '{}') as VenueRun)

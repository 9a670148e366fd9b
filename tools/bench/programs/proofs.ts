/**
 * Makes receipts of payments spread over a whole book, and verifies each. Arguments: a folder; how many.
 *
 * Time is that of making one from the file, as the node does for a request; verifying is not in it.
 */
import { randomInt } from 'node:crypto'
import { checkpointKey, fromBase64url, nobleVerify, verifyReceipt } from '@fedow/ledger'
import { Proofs } from '../../../packages/node/src/proofs/proofs.ts'
import { Book } from '../../../packages/node/src/store/book.ts'
import { readGenesis } from '../../../packages/node/src/store/folder.ts'
import { sha256 } from '../../../packages/node/src/store/hash.ts'
import { tell } from './tell.ts'

/** What the program found. Times in milliseconds, sizes in bytes. */
export interface MadeProofs {
  readonly ms: readonly number[]
  /** Processor time of each receipt in the mean, in microseconds: others disturb it less. */
  readonly cpuUs: number
  /** Of each receipt without its tx. */
  readonly sizes: readonly number[]
  /** Of each bundle of 256 entries. */
  readonly bundleMs: readonly number[]
}

const WARM_UPS = 200
const BUNDLES = 50
/** Verifying costs much more than making: some of them tell as much as all. */
const VERIFY_EVERY = 50

const [folder = '', count = ''] = process.argv.slice(2)
const genesis = readGenesis(folder)
using book = new Book({ folder, genesis })
const { reader } = book
const proofs = new Proofs(book, {
  cosignaturesAt: () => [],
  cosignedHeight: () => undefined,
})
const x = fromBase64url(genesis.genesis.checkpoint) ?? new Uint8Array()
const trust = { keys: [checkpointKey(x, genesis.chain)], witnesses: [] }
const { txs } = reader.tip()

const ms: number[] = []
const sizes: number[] = []
const kept: string[] = []
let before = process.cpuUsage()
for (let made = -WARM_UPS; made < Number(count); made += 1) {
  const start = performance.now()
  const stored = reader.txAt(randomInt(2, txs + 1))
  const receipt = stored && proofs.receipt(stored)
  const spent = performance.now() - start
  if (receipt === undefined) throw new Error('every tx of a filled book is sealed')
  if (made === -1) before = process.cpuUsage()
  if (made < 0) continue
  if (made % VERIFY_EVERY === 0) kept.push(receipt)
  ms.push(spent)
  sizes.push(receipt.length - (JSON.parse(receipt) as { tx: string }).tx.length)
}
const { user, system } = process.cpuUsage(before)
for (const receipt of kept) demandProven(receipt)
const cpuUs = (user + system) / ms.length
tell<MadeProofs>({ result: { ms, cpuUs, sizes, bundleMs: await bundles() } })

function demandProven(receipt: string): void {
  const verdict = verifyReceipt({ hash: sha256, verify: nobleVerify }, receipt, trust)
  if (!verdict.proven) throw new Error(`a receipt is not proven: ${JSON.stringify(verdict.reason)}`)
}

async function bundles(): Promise<readonly number[]> {
  const spent: number[] = []
  const last = Math.floor(proofs.size / 256)
  while (spent.length < BUNDLES) {
    const digits = String(randomInt(last)).padStart(6, '0')
    const [high, low] = [digits.slice(0, 3), digits.slice(3)]
    const name = high === '000' ? low : `x${high}/${low}`
    const start = performance.now()
    const bundle = await proofs.entryBundle(name)
    spent.push(performance.now() - start)
    if (bundle === undefined) throw new Error(`the book has the bundle ${name}`)
  }
  return spent
}

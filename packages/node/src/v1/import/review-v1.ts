/** The dry run of an import: reads a v1 database once, whole, and changes nothing. */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { AccountReview } from './account-review.ts'
import { reviewAssets } from './asset-review.ts'
import { reviewCards } from './card-review.ts'
import { ChainWatch } from './chain-watch.ts'
import type { FernetKey } from './fernet.ts'
import { LedgerSums } from './ledger-sums.ts'
import type { LineWatch } from './line-watch.ts'
import { RepeatWatch, RulesWatch, SumsWatch } from './line-watches.ts'
import { MintingWatch } from './minting-watch.ts'
import { type Reserve, reviewCheckouts, reviewReserve } from './payment-review.ts'
import { reviewKeys, reviewOddRows, reviewPersons, reviewReferences } from './registry-review.ts'
import { type AssetConservation, countDecisions, sortFindings, type V1Report } from './report.ts'
import { LINE, TABLES, toUuid, type V1Asset } from './rows.ts'
import { reviewSecrets } from './secret-review.ts'
import { openV1Database, type V1Database } from './v1-database.ts'
import type { V1Snapshot } from './v1-source.ts'
import { V1World } from './v1-world.ts'

export interface ReviewOptions {
  /** Lines dated later are told. */
  readonly nowMs: number
  /** Of whom the file is a copy. */
  readonly snapshot?: V1Snapshot | undefined
  /** Opens the encrypted columns. */
  readonly fernetKey?: FernetKey | undefined
  /** Aborted: the review stops, with the reason thrown. */
  readonly stop?: AbortSignal | undefined
  /** Lines that were read, of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Lines between two looks at the rest of the process. */
const SLICE = 2_000

/** Throws ForeignFileError, OtherVersionError: the file is refused. */
export async function reviewV1(path: string, options: ReviewOptions): Promise<V1Report> {
  using db = openV1Database(path)
  const sha256 = await hashFile(path)
  const world = new V1World(db)
  const sums = new LedgerSums(world)
  const mintings = new MintingWatch(world)
  const watches = [
    ...[new SumsWatch(sums), mintings, new ChainWatch(db, world)],
    ...[new RulesWatch(world, options.nowMs), new RepeatWatch()],
  ]
  const actions = await readLines(db, watches, options)
  const accounts = new AccountReview(world, sums)
  accounts.see(db)
  const assets = [...world.assets.values()].map((asset) =>
    conserve(asset, { world, sums, accounts }),
  )
  const reserve = toReserve(assets, mintings.paid)
  const secrets = reviewSecrets(db, options.fernetKey)
  const findings = [
    ...watches.flatMap((watch) => [...watch.found()]),
    ...accounts.found,
    ...reviewCheckouts(db),
    ...(reserve === undefined ? [] : reviewReserve(reserve)),
    ...[...reviewCards(db), ...reviewAssets(world), ...reviewPersons(db)],
    ...[...reviewKeys(db, options.nowMs), ...reviewReferences(db)],
    ...secrets.found,
    ...reviewOddRows(db.odd),
  ]
  db.assertUnchanged()
  return {
    file: {
      name: options.snapshot?.address ?? basename(path),
      ...{ bytes: statSync(path).size, sha256, isCopy: db.isCopy },
      copiedMs: options.snapshot?.takenMs,
    },
    domain: world.domain,
    readMs: options.nowMs,
    counts: countRows(db),
    actions,
    assets: assets.map((asset) => ({ ...asset, asset: toUuid(asset.asset) })),
    reserve: reserve && { ...reserve, asset: toUuid(reserve.asset) },
    secrets: secrets.count,
    findings: sortFindings(findings),
    decisions: countDecisions(findings),
  }
}

async function readLines(
  db: V1Database,
  watches: readonly LineWatch[],
  { stop, onProgress }: ReviewOptions,
): Promise<Record<string, number>> {
  const actions: Record<string, number> = {}
  const total = db.count(LINE)
  let done = 0
  for (const among of db.lines()) {
    const { action } = among.line
    actions[action] = (actions[action] ?? 0) + 1
    for (const watch of watches) watch.see(among)
    done += 1
    if (done % SLICE !== 0) continue
    onProgress?.(done, total)
    await setImmediate()
    stop?.throwIfAborted()
  }
  onProgress?.(total, total)
  return actions
}

interface Sums {
  readonly world: V1World
  readonly sums: LedgerSums
  readonly accounts: AccountReview
}

function conserve(asset: V1Asset, { world, sums, accounts }: Sums): AssetConservation {
  const { id, name, code, category, isArchived, origin } = asset
  const { issued, deposited, burnt, lines } = sums.of(id)
  const { inPlaces, elsewhere, accounts: count } = accounts.of(id)
  const ledger = issued - deposited - burnt
  const held = inPlaces + elsewhere
  return {
    ...{ asset: id, name, code, category, isArchived, origin: world.nameOfWallet(origin) },
    ...{ issued, deposited, burnt, ledger, held, heldByPlaces: inPlaces },
    ...{ difference: held - ledger, accounts: count, lines },
  }
}

function toReserve(assets: readonly AssetConservation[], paid: bigint): Reserve | undefined {
  const federated = assets.find(({ category }) => category === 'FED')
  if (federated === undefined) return undefined
  const { asset, held, deposited, burnt: refunded } = federated
  const expected = paid - deposited - refunded
  return { asset, held, paid, deposited, refunded, expected, gap: held - expected }
}

function countRows(db: V1Database): Record<string, number> {
  return Object.fromEntries(
    TABLES.map((table) => [table.name.replace('fedow_core_', ''), db.count(table)]),
  )
}

async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const part of createReadStream(path)) digest.update(part as Buffer)
  return digest.digest('hex')
}

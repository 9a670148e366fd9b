/** What the machine is, and what its processor and disk cost now. */
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { quantile } from './statistics.ts'

/** What one Ed25519 check and one flush to the disk cost. */
export interface Costs {
  readonly verifyUs: number
  readonly fsyncP50Ms: number
  readonly fsyncP99Ms: number
}

/** How every server under test writes. */
export const DURABILITY = 'SQLite WAL, an fsync before each answer'

const VERIFICATIONS = 500
const FLUSHES = 200
/** Length of the signing input of a usual sale. */
const MESSAGE_BYTES = 620
const PAGE_BYTES = 4_096
const TMPFS = 0x01021994

export function describeMachine(folder: string): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const programs = `Node ${process.versions.node}, SQLite ${process.versions['sqlite'] ?? '?'}`
  const disk = statfsSync(folder).type === TMPFS ? ', files in MEMORY: nothing is durable' : ''
  return `${model}, ${availableParallelism()} cores, ${memory}, ${platform()} ${arch()}, ${programs}${disk}`
}

export function measureCosts(folder: string): Costs {
  return { verifyUs: measureVerify(), ...measureFlush(folder) }
}

function measureVerify(): number {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const message = Buffer.alloc(MESSAGE_BYTES, 1)
  const signature = sign(null, message, privateKey)
  const start = performance.now()
  for (let done = 0; done < VERIFICATIONS; done += 1) verify(null, message, publicKey, signature)
  return ((performance.now() - start) * 1_000) / VERIFICATIONS
}

function measureFlush(folder: string): Omit<Costs, 'verifyUs'> {
  const path = join(folder, 'flush')
  const page = Buffer.alloc(PAGE_BYTES, 1)
  const timesMs = new Float64Array(FLUSHES)
  const file = openSync(path, 'w')
  try {
    for (let done = 0; done < FLUSHES; done += 1) {
      const start = performance.now()
      writeSync(file, page)
      fdatasyncSync(file)
      timesMs[done] = performance.now() - start
    }
  } finally {
    closeSync(file)
    rmSync(path)
  }
  timesMs.sort()
  return { fsyncP50Ms: quantile(timesMs, 0.5), fsyncP99Ms: quantile(timesMs, 0.99) }
}

/** Audits a book and tells how long it took. Arguments: a folder. */
import { auditFolder } from '../../../packages/node/src/store/audit.ts'
import { tell } from './tell.ts'

const [folder = ''] = process.argv.slice(2)
const start = performance.now()
const { ok, signatures, problem } = await auditFolder(folder, (done) => tell({ done }))
if (!ok) throw new Error(`the audit found a problem: ${JSON.stringify(problem)}`)
const seconds = (performance.now() - start) / 1_000
tell({ result: { signatures, seconds, memoryMiB: process.resourceUsage().maxRSS / 1_024 } })

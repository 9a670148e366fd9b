/** Writes a large database of Fedow v1, to try imports with: `node tools/v1/generate.ts FILE --lines 146000`. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { makeV1Database } from '../../packages/node/test/v1-maker.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '146000' },
    cards: { type: 'string', default: '44000' },
    seed: { type: 'string', default: '1' },
    metadata: { type: 'string', default: '400' },
  },
})
const [path] = positionals
if (path === undefined || existsSync(path)) {
  process.stderr.write('Name a file that is not there yet.\n')
  process.exitCode = 2
} else {
  const planted = makeV1Database({
    path,
    lines: Number(values.lines),
    cards: Number(values.cards),
    seed: Number(values.seed),
    metadataLength: Number(values.metadata),
  })
  const shown = JSON.stringify(planted, (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  )
  process.stdout.write(`${shown}\n`)
}

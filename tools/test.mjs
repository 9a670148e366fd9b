/**
 * `npm test`: types, style, then every test. `npm run check`: types, style and the rules of the house.
 * `npm test -- packages/ledger -t refund`: only the tests that Vitest selects by these arguments.
 * The last line reads `N passed, N failed, N skipped`; each check counts as one test.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment, node26, root } from './node26.mjs'
import { setup } from './setup.mjs'

const CHECKS = [
  { name: 'types', program: 'typescript/bin/tsc', args: [] },
  {
    name: 'types of the pure ledger',
    program: 'typescript/bin/tsc',
    args: ['-p', 'packages/ledger'],
  },
  { name: 'style', program: '@biomejs/biome/bin/biome', args: ['check', '--error-on-warnings'] },
]
const build = join(root, 'build')
const countsFile = join(build, 'test-counts.json')
const summaryFile = join(build, 'test-summary.txt')

mkdirSync(build, { recursive: true })
rmSync(countsFile, { force: true })
rmSync(summaryFile, { force: true })
setup()

const args = process.argv.slice(2)
const isCheck = args[0] === '--check'
const isSelection = args.length > 0 && !isCheck
const checks = isSelection ? { passed: 0, failed: 0 } : runChecks()
const status = run('vitest/vitest.mjs', ['run', ...(isCheck ? ['tools/tidy.test.ts'] : args)])
const tests = readCounts()

const passed = checks.passed + tests.passed
let failed = checks.failed + tests.failed
if (status !== 0 && failed === 0) {
  process.stdout.write(`Vitest ended with exit code ${status} though no test failed: see above.\n`)
  failed = 1
}
const summary = `${passed} passed, ${failed} failed, ${tests.skipped} skipped\n`
writeFileSync(summaryFile, summary)
process.stdout.write(summary)
process.exitCode = failed > 0 ? 1 : 0

/** Runs every check, also after one failed, and answers how many passed and failed. */
function runChecks() {
  const failures = CHECKS.filter(({ name, program, args }) => {
    const isFailed = run(program, args) !== 0
    process.stdout.write(`${isFailed ? '✗' : '✓'} ${name}\n`)
    return isFailed
  })
  return { passed: CHECKS.length - failures.length, failed: failures.length }
}

/** Runs an installed program to its end, its output shown, and answers its exit code. */
function run(program, programArgs) {
  const { status: code, error } = spawnSync(
    node26(),
    [join(root, 'node_modules', program), ...programArgs],
    {
      cwd: root,
      env: { ...environment(), FEDOW_TEST_COUNTS: countsFile },
      stdio: 'inherit',
    },
  )
  if (error) throw error
  return code ?? 1
}

/** What the reporter wrote. No file means that Vitest stopped before it counted anything. */
function readCounts() {
  if (!existsSync(countsFile)) return { passed: 0, failed: 1, skipped: 0 }
  return JSON.parse(readFileSync(countsFile, 'utf8'))
}

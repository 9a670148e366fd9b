import { writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'

/**
 * Lists the skipped tests with their reasons, fails a run in which no test ran, and writes the counts
 * where `FEDOW_TEST_COUNTS` says, for the last line of `npm test`.
 */
export default class SummaryReporter implements Reporter {
  #hasNamePattern = false

  onInit(vitest: Vitest): void {
    this.#hasNamePattern = vitest.config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const skipped = tests.filter((test) => test.result().state === 'skipped')
    const passed = tests.filter((test) => test.result().state === 'passed').length
    let failed = tests.length - passed - skipped.length
    failed += unhandled.length
    for (const module of modules) failed += brokenOutsideTests(module)
    if (!this.#hasNamePattern) listSkipped(skipped)
    if (passed + failed === 0) {
      process.stdout.write('No test ran: that counts as a failure. Check the arguments.\n')
      failed = 1
      process.exitCode = 1
    }
    const file = process.env.FEDOW_TEST_COUNTS
    if (file) writeFileSync(file, JSON.stringify({ passed, failed, skipped: skipped.length }))
  }
}

/** Files that failed to load, and suites whose preparation failed: their tests never ran. */
function brokenOutsideTests(module: TestModule): number {
  const suites = [...module.children.allSuites()]
  return [module, ...suites].filter((suite) => suite.errors().length > 0).length
}

function listSkipped(skipped: readonly TestCase[]): void {
  if (skipped.length === 0) return
  process.stdout.write('\nSkipped on this machine:\n')
  for (const test of skipped) {
    const result = test.result()
    const reason = result.state === 'skipped' ? result.note : undefined
    process.stdout.write(`  ${test.fullName}: ${reason ?? 'no reason given'}\n`)
  }
}

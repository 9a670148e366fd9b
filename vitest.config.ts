import { defineConfig } from 'vitest/config'

const PACKAGES = ['ledger', 'api', 'node', 'cli', 'web']

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Generous: a slow machine is no failure. No test may depend on how long something takes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './tools/summary-reporter.ts'],
    projects: [
      ...PACKAGES.map((name) => ({
        extends: true as const,
        test: { name, include: [`packages/${name}/**/*.test.ts`] },
      })),
      { extends: true, test: { name: 'tools', include: ['tools/**/*.test.ts'] } },
    ],
  },
})

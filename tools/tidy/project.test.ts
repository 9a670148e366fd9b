import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unexplainedPackages, unknownRejectionRows, unprovenRejections } from './documents.ts'
import { deadFiles, straysOutOfPackage, undeclaredImports } from './imports.ts'
import { readPackages, readSources } from './sources.ts'

const RIGHT = {
  'package.json': '{"name":"fedow","devDependencies":{"vitest":"5.1.1"}}',
  'packages/ledger/package.json':
    '{"name":"@fedow/ledger","exports":{".":"./src/index.ts"},"dependencies":{"@noble/hashes":"2.4.0"}}',
  'packages/ledger/src/index.ts': "export { a } from './a.ts'",
  'packages/ledger/src/a.ts': "import { sha256 } from '@noble/hashes/sha2.js'",
  'packages/ledger/src/a.test.ts': "import { it } from 'vitest'",
  'packages/ledger/src/hash.worker.ts': '',
  'packages/ledger/src/rejection.ts':
    'export const REJECTION_NUMBER: Record<string, number> = { card_lost: 1, asset_archived: 2 }',
  'packages/ledger/test/contract.ts': '',
  'packages/node/package.json': '{"name":"@fedow/node","dependencies":{"@fedow/ledger":"0.0.0"}}',
  'packages/node/src/main.ts': "import '@fedow/ledger'",
  'packages/node/test/store.test.ts': "import '../../ledger/test/contract.ts'",
  'packages/node/node_modules/x/a.ts': "import 'unheard-of'",
  'docs/spec/rejections.md':
    '| number | code |\n|---|---|\n| 1 | `card_lost` | Card. |\n| 2 | `asset_archived` | Asset. |\n',
  'docs/adr/0001-hashes.md': 'We take `@noble/hashes`.',
  'vectors/cards.json': '[{ "name": "a", "rejected": "card_lost" }]',
  'vectors/money/sale.json': '{ "vectors": [{ "rejected":\n "asset_archived" }] }',
}

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fedow-tidy-'))
  for (const [path, text] of Object.entries(RIGHT)) write(path, text)
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function problems(): readonly string[] {
  const sources = readSources(root)
  const packages = readPackages(root)
  return [
    ...undeclaredImports(sources, packages),
    ...straysOutOfPackage(sources),
    ...deadFiles(sources, packages).filter((problem) => !problem.includes('rejection.ts')),
    ...unprovenRejections(root),
    ...unknownRejectionRows(root),
    ...unexplainedPackages(root, packages),
  ]
}

describe('a project in a temporary folder', () => {
  it('is right as it stands', () => {
    expect(problems()).toEqual([])
  })

  it.each([
    ['packages/ledger/src/b.ts', '', 'b.ts is imported by nothing'],
    [
      'packages/ledger/src/index.ts',
      "import 'pino'; export * from './a.ts'",
      'package.json lacks it',
    ],
    ['packages/ledger/src/a.ts', "import 'vitest'", 'package.json lacks it'],
    ['packages/node/src/main.ts', "import '../../ledger/src/index.ts'", 'leaves its package'],
    ['packages/node/test/store.test.ts', "import '../../ledger/src/a.ts'", 'leaves its package'],
    ['vectors/cards.json', '[{ "name": "card_lost" }]', '"rejected": "card_lost"'],
    ['docs/adr/0001-hashes.md', 'We take `@noble/hashes-fork`.', 'names the package @noble/hashes'],
    [
      'docs/spec/rejections.md',
      '| 1 | `card_lost` | |\n| 2 | `asset_archived` | |\n| 3 | `old` | |',
      '"| 3 | `old` |"',
    ],
  ])('is wrong when %s says %s', (path, text, expected) => {
    write(path, text)
    expect(problems()).toEqual([expect.stringContaining(expected)])
  })

  it('is wrong when two rejections share a number', () => {
    write(
      'packages/ledger/src/rejection.ts',
      'export const REJECTION_NUMBER = { card_lost: 1, asset_archived: 1 }',
    )
    expect(unprovenRejections(root)).toEqual([
      'card_lost has the number 1 of asset_archived.',
      'asset_archived has the number 1 of card_lost.',
      expect.stringContaining('has no row that starts with "| 1 | `asset_archived` |"'),
    ])
  })

  it('says which file is missing', () => {
    rmSync(join(root, 'docs'), { recursive: true })
    expect(() => unprovenRejections(root)).toThrow('docs/spec/rejections.md is missing.')
    expect(() => unexplainedPackages(root, readPackages(root))).toThrow('docs/adr is missing.')
  })

  it('refuses a rejection whose number is no number', () => {
    write(
      'packages/ledger/src/rejection.ts',
      'export const REJECTION_NUMBER = { card_lost: FIRST }',
    )
    expect(() => unprovenRejections(root)).toThrow('card_lost: FIRST is not a code with its number')
  })
})

/**
 * The rules of the house that no linter can say, as tables that a newcomer can read.
 * Each test lists what breaks its rule.
 */
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type BannedWords,
  bannedNames,
  impurities,
  leftovers,
  readersOfEnvironment,
  unexplainedLength,
} from './tidy/code.ts'
import { unexplainedPackages, unknownRejectionRows, unprovenRejections } from './tidy/documents.ts'
import {
  deadFiles,
  type ImportRule,
  misplacedImports,
  type Reserved,
  refusedImports,
  straysOutOfPackage,
  undeclaredImports,
} from './tidy/imports.ts'
import { parseSource, readPackages, readSources } from './tidy/sources.ts'

const LEDGER = '@fedow/ledger'
const API = '@fedow/api'

// Single files beside the folders of the node, such as config.ts; not those that wire the parts.
const NODE_FILES = 'node/src/!(main|node|index).ts'
const NODE_STORE = 'node/src/store/**'
const NODE_ENGINE = 'node/src/engine/**'
const NODE_GATEWAY = 'node/src/gateway/**'
const NODE_READERS = 'node/src/store/**/*reader*.ts'

/** Who may import whom. A folder may always use its own files; the first rule that matches holds. */
const MAY_IMPORT: readonly ImportRule[] = [
  { files: 'ledger/src/**', uses: [], outside: ['@noble/**'] },
  { files: 'api/src/**', uses: [LEDGER], outside: ['typebox', 'typebox/**'] },

  { files: 'node/src/*.ts', uses: ['node/src/**', 'node/package.json', LEDGER, API] },
  {
    files: NODE_STORE,
    uses: [NODE_FILES, LEDGER, '@fedow/ledger/{state-tree,figures,simulation}'],
  },
  { files: NODE_ENGINE, uses: [NODE_FILES, LEDGER, NODE_STORE] },
  { files: NODE_GATEWAY, uses: [NODE_FILES, LEDGER, NODE_STORE, NODE_ENGINE] },
  // What only v1's clients know: removed with the folder.
  { files: 'node/src/v1/store/**', uses: [NODE_FILES, LEDGER, NODE_STORE, 'node/src/v1/**'] },
  // Whole folders are made from a v1 database, and read to write one: no node runs beside it.
  {
    files: 'node/src/v1/{import,way-back}/**',
    uses: [NODE_FILES, LEDGER, API, NODE_STORE, NODE_ENGINE, NODE_GATEWAY, 'node/src/v1/**'],
  },
  {
    files: 'node/src/{http,v1}/**',
    uses: [NODE_FILES, LEDGER, API, NODE_GATEWAY, NODE_READERS],
    // The parts that a route works with are handed to it at the start: it knows their types only.
    types: ['node/src/*/**'],
  },
  // A slice: what only this node knows. It never looks into another slice.
  {
    files: 'node/src/*/**',
    uses: [NODE_FILES, LEDGER, NODE_STORE, NODE_GATEWAY],
    types: ['node/src/engine/engine.ts'],
  },

  // A feature of the pages never looks into another feature.
  { files: 'web/src/features/*/**', uses: ['web/src/{ui,lib}/**', LEDGER, API] },
  { files: 'web/src/{ui,lib}/**', uses: ['web/src/{ui,lib}/**', LEDGER, API] },
  { files: 'web/src/**', uses: [LEDGER, API] },

  { files: 'cli/src/**', uses: [LEDGER, API, '@fedow/node', '@fedow/web'] },
]

/** Modules that belong to one folder. */
const RESERVED: readonly Reserved[] = [
  { modules: ['node:sqlite', 'sqlite'], only: ['node/src/store/**', 'node/src/v1/store/**'] },
  { modules: ['pg'], only: ['node/src/v1/import/**'] },
  { modules: ['nodemailer'], only: ['node/src/reminders/**'] },
  { modules: ['fastify', '@fastify/**'], only: ['node/src/http/**'], types: ['node/src/v1/**'] },
]

const BANNED: BannedWords = {
  words: [
    ...['transaction', 'token', 'coin', 'user', 'data', 'info', 'item', 'service', 'handler'],
    ...['helper', 'util', 'common', 'misc', 'base', 'process', 'do'],
  ],
  suffixes: ['manager'],
  phrases: ['sql transaction', 'data folder', 'v1 token', 'v1 user', 'v1 transaction'],
  except: ['packages/node/src/v1/'],
}

const ENVIRONMENT = 'packages/node/src/config.ts'
const LINES_WITHOUT_HEADER = 400

const root = dirname(import.meta.dirname)
const sources = readSources(root)
const packages = readPackages(root)

describe('the rules of the house', () => {
  it('lets each folder import only what the table allows', () => {
    expect(refusedImports(sources, MAY_IMPORT)).toEqual([])
  })

  it('keeps SQLite in the store and Fastify in http', () => {
    expect(misplacedImports(sources, RESERVED)).toEqual([])
  })

  it('imports only packages that package.json declares', () => {
    expect(undeclaredImports(sources, packages)).toEqual([])
  })

  it('reaches another package by its name', () => {
    expect(straysOutOfPackage(sources)).toEqual([])
  })

  it('has no dead file', () => {
    expect(deadFiles(sources, packages)).toEqual([])
  })

  it('keeps the ledger synchronous, without clock or chance', () => {
    expect(impurities(sources)).toEqual([])
  })

  it('reads the environment in one place', () => {
    expect(readersOfEnvironment(sources, ENVIRONMENT)).toEqual([])
  })

  it('exports names of the glossary', () => {
    expect(bannedNames(sources, BANNED)).toEqual([])
  })

  it('explains long files in their header', () => {
    expect(unexplainedLength(sources, LINES_WITHOUT_HEADER)).toEqual([])
  })

  it('leaves no note to self', () => {
    expect(leftovers(sources)).toEqual([])
  })

  it('gives every rejection its own number, a row of the specification and a vector', () => {
    expect(unprovenRejections(root)).toEqual([])
  })

  it('has no row for a rejection that the ledger does not know', () => {
    expect(unknownRejectionRows(root)).toEqual([])
  })

  it('names every installed package in a decision record', () => {
    expect(unexplainedPackages(root, packages)).toEqual([])
  })
})

describe('the tables', () => {
  it.each([
    ['packages/ledger/src/amount.ts', "import 'node:fs'"],
    ['packages/ledger/src/money/sale.ts', "import type { A } from '@fedow/api'"],
    ['packages/ledger/src/money/sale.ts', "import Type from 'typebox'"],
    ['packages/api/src/wallet.ts', "export * from 'node:crypto'"],
    ['packages/node/src/store/book.ts', "import { a } from '../engine/engine.ts'"],
    ['packages/node/src/store/book.ts', "import type { A } from '../http/app.ts'"],
    ['packages/node/src/engine/solo/solo.ts', "import { a } from '../../gateway/sign.ts'"],
    ['packages/node/src/gateway/sign.ts', "const a = await import('../http/app.ts')"],
    ['packages/node/src/http/v2/wallets.ts', "import { a } from '../../store/book.ts'"],
    ['packages/node/src/v1/card.ts', "import { a } from '../engine/engine.ts'"],
    ['packages/node/src/people/session.ts', "import type { A } from '../topup/checkout.ts'"],
    ['packages/node/src/people/session.ts', "import { startNode } from '../node.ts'"],
    ['packages/web/src/features/till/cart.ts', "import { a } from '../wallet/history.ts'"],
    ['packages/web/src/features/till/cart.ts', "import { a } from '@fedow/node'"],
    ['packages/web/src/lib/money.ts', "import { a } from '../features/till/cart.ts'"],
    ['packages/other/src/index.ts', "import 'node:fs'"],
  ])('refuse in %s: %s', (path, text) => {
    expect(refusedImports([parseSource(path, text)], MAY_IMPORT)).toHaveLength(1)
  })

  it.each([
    ['packages/ledger/src/money/sale.ts', "import { sha256 } from '@noble/hashes/sha2.js'"],
    ['packages/ledger/src/money/sale.ts', "import { a } from '../amount.ts'"],
    ['packages/api/src/wallet.ts', "import Type from 'typebox'"],
    ['packages/node/src/node.ts', "import { a } from './people/session.ts'"],
    ['packages/node/src/store/book.ts', "import { readFileSync } from 'node:fs'"],
    ['packages/node/src/engine/solo/solo.ts', "import { a } from '../../store/book.ts'"],
    ['packages/node/src/gateway/sign.ts', "import type { Config } from '../config.ts'"],
    ['packages/node/src/http/v2/wallets.ts', "import { a } from '../../store/reader.ts'"],
    ['packages/node/src/http/v2/wallets.ts', "import type { A } from '../../people/session.ts'"],
    ['packages/node/src/people/session.ts', "import { a } from './card-file.ts'"],
    ['packages/node/src/store/book.test.ts', "import { a } from '../http/app.ts'"],
    ['packages/web/src/features/till/cart.ts', "import { a } from '../../lib/money.ts'"],
    ['packages/cli/src/main.ts', "import { startNode } from '@fedow/node'"],
  ])('allow in %s: %s', (path, text) => {
    expect(refusedImports([parseSource(path, text)], MAY_IMPORT)).toEqual([])
  })

  it.each([
    ['packages/node/src/engine/solo.ts', "import { DatabaseSync } from 'node:sqlite'", 1],
    ['packages/node/src/engine/solo.ts', "import type { DatabaseSync } from 'node:sqlite'", 1],
    ['packages/node/src/store/book.ts', "import { DatabaseSync } from 'node:sqlite'", 0],
    ['packages/node/src/v1/card.ts', "import fastify from 'fastify'", 1],
    ['packages/node/src/v1/card.ts', "import type { FastifyInstance } from 'fastify'", 0],
    ['packages/node/src/http/app.ts', "import swagger from '@fastify/swagger'", 0],
  ])('reserve in %s: %s (%i refused)', (path, text, count) => {
    expect(misplacedImports([parseSource(path, text)], RESERVED)).toHaveLength(count)
  })

  it.each([
    ['processTx', 'process'],
    ['TransactionView', 'transaction'],
    ['walletTokens', 'token'],
    ['CardManager', 'manager'],
    ['DATA_MAX', 'data'],
  ])('ban the name %s for its word %s', (name) => {
    const source = parseSource('packages/node/src/config.ts', `export const ${name} = 1`)
    expect(bannedNames([source], BANNED)).toHaveLength(1)
  })

  it.each([...['base64url', 'openDataFolder', 'inSqlTransaction', 'Manager', 'undo', 'itemised']])(
    'allow the name %s',
    (name) => {
      const source = parseSource('packages/node/src/config.ts', `export const ${name} = 1`)
      expect(bannedNames([source], BANNED)).toEqual([])
    },
  )
})

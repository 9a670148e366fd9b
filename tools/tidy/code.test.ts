import { describe, expect, it } from 'vitest'
import { impurities, leftovers, readersOfEnvironment, unexplainedLength } from './code.ts'
import { parseSource } from './sources.ts'

const RULE = 'packages/ledger/src/money/sale.ts'
const ROUTE = 'packages/node/src/http/app.ts'
const CONFIG = 'packages/node/src/config.ts'

describe('the rules on code', () => {
  it.each([
    'async function pay() {}',
    'for await (const a of b) {}',
    'const now = Date.now()',
    'const chance = Math.random()',
    "const chance = Math['random']()",
  ])('refuse in the ledger: %s', (text) => {
    expect(impurities([parseSource(RULE, text)])).toHaveLength(1)
    expect(impurities([parseSource(ROUTE, text)])).toEqual([])
  })

  it('let comments and texts say what code may not', () => {
    const text = "// No Date here, nor await.\nexport const A = 'async Math.random() process.env'"
    expect(impurities([parseSource(RULE, text)])).toEqual([])
  })

  it.each([
    'const port = process.env.FEDOW_PORT',
    "const port = process['env'].FEDOW_PORT",
    'const { env } = process',
    "import { env } from 'node:process'",
  ])('refuse outside of the configuration: %s', (text) => {
    expect(readersOfEnvironment([parseSource(ROUTE, text)], CONFIG)).toHaveLength(1)
    expect(readersOfEnvironment([parseSource(CONFIG, text)], CONFIG)).toEqual([])
  })

  it('ask a reason from a long file', () => {
    const long = 'const a = 1\n'.repeat(401)
    expect(unexplainedLength([parseSource(RULE, long)], 400)).toHaveLength(1)
    expect(unexplainedLength([parseSource(RULE, `/** Why. */\n${long}`)], 400)).toEqual([])
    expect(unexplainedLength([parseSource(RULE, 'const a = 1\n'.repeat(400))], 400)).toEqual([])
  })

  it('find a note to self, with its line', () => {
    const note = ['TO', 'DO'].join('')
    expect(leftovers([parseSource(RULE, `\n// ${note} later`)])).toEqual([
      `${RULE}:2 // ${note} later`,
    ])
  })
})

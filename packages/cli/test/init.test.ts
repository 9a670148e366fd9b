import { COOPERATIVE_MELTING } from '@fedow/ledger'
import { readGenesis } from '@fedow/node'
import { describe, expect, it } from 'vitest'
import { Folder } from './fedow.ts'

describe('fedow init --melting', () => {
  it('makes a book whose federated euros melt from the first day on, and that holds', async () => {
    using folder = new Folder()
    await folder.ask('init', '--melting')
    expect(readGenesis(folder.path).genesis.fed).toMatchObject({ demurrage: COOPERATIVE_MELTING })
    expect(await folder.ask('audit')).toMatchObject({ ok: true })
  })

  it('leaves it to a vote when nobody asks for it', async () => {
    using folder = new Folder()
    await folder.ask('init')
    expect(readGenesis(folder.path).genesis.fed).not.toHaveProperty('demurrage')
  })
})

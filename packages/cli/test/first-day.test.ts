import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFile, Folder, type Running, stop } from './fedow.ts'

const CARD = '9F9984F8'

describe('the first day of a network, on the command line', () => {
  const folder = new Folder()
  let node: Running

  beforeAll(async () => {
    await folder.ask('init', '--network', 'Archipel')
    node = await folder.node()
    await folder.ask('place', 'create', 'La Raffinerie')
    await folder.ask('place', 'create', 'Bar du Port')
    const asset = ['--place', 'La Raffinerie', '--kind', 'TLF', '--code', 'PKS']
    await folder.ask('asset', 'create', 'Peaksu', ...asset)
    const order = ['--place', 'La Raffinerie', '--generation', '1', '--apply']
    await folder.ask('cards', 'import', demoFile('cards-raffinerie-1.csv'), ...order)
  })

  afterAll(async () => {
    await stop(node)
    folder[Symbol.dispose]()
  })

  it('pays in another venue than the one that issued the money', async () => {
    await folder.ask('federation', 'create', 'Archipel', '--place', 'La Raffinerie')
    const joining = ['Archipel', '--place', 'La Raffinerie', '--invited', 'Bar du Port']
    await folder.ask('federation', 'invite', ...joining)
    await folder.ask('federation', 'accept', 'Archipel', '--place', 'bar du port')
    await folder.ask('federation', 'share', 'Archipel', '--asset', 'PKS')
    await folder.ask('refill', '--asset', 'Peaksu', '--card', CARD, '--amount', '20')

    const sale = ['--place', 'Bar du Port', '--card', CARD, '--amount', '3,50']
    const told = await folder.run('sale', ...sale)
    expect(told.stdout).toMatch(
      /^Bar du Port was paid 3\.50 PKS \(tx [0-9a-f-]{36}, block \d+\)\.\n$/,
    )
    const part = ['--place', 'bar du port', '--card', CARD, '--part', 'PKS=1.50']
    expect(await folder.ask('sale', ...part)).toMatchObject({ status: 'applied' })

    const { accounts } = await folder.ask('card', 'show', CARD)
    expect(accounts).toMatchObject([{ code: 'PKS', balance: 1_500, available: 1_500 }])
    const shown = await folder.run('wallet', 'show', 'Bar du Port')
    expect(shown.stdout).toContain('5.00 PKS')
  })

  it('refunds what is on a card, and tells all of it in the history', async () => {
    await folder.ask('refill', '--asset', 'Peaksu', '--card', '83E0F2A3', '--amount', '8.00')
    const refund = await folder.run('refund', '--place', 'La Raffinerie', '--card', '83E0F2A3')
    expect(refund.stdout).toContain('Give 8.00 PKS in cash')
    const page = await folder.ask('history', '--card', '83E0F2A3', '--limit', '1')
    expect(page).toMatchObject({ lines: [{ action: 'RFD', amount: 800 }] })
    const cursor = ['--limit', '1', '--cursor', String(page.next)]
    const older = await folder.ask('history', '--card', '83E0F2A3', ...cursor)
    expect(older).toMatchObject({ lines: [{ action: 'REF', amount: 800 }] })
  })

  it('issues federated euros once for one payment, and moves them between places', async () => {
    const payment = [
      '--gross',
      '20.00',
      '--fee',
      '0.50',
      '--account',
      'bank/main',
      '--reference',
      'A-1',
    ]
    await folder.ask('issue', '--card', CARD, ...payment)
    const again = await folder.run('issue', '--card', CARD, ...payment, '--json')
    expect(again.code).toBe(1)
    expect(again.json()).toMatchObject({ code: 'evidence_burnt', outcome: 'rejected' })
    const fed = ['--place', 'Bar du Port', '--card', CARD, '--part', 'FED=12']
    await folder.ask('sale', ...fed)
    const both = [
      '--from',
      'Bar du Port',
      '--to',
      'La Raffinerie',
      '--asset',
      'FED',
      '--amount',
      '10',
    ]
    await folder.ask('transfer', ...both, '--invoice', 'F-2026-017')
    const { fed: total, reserve } = await folder.ask('status')
    expect(total).toMatchObject({ issued: 2_000, eur: 2_000 })
    expect(reserve).toContainEqual({ name: 'due-from-keeper', balance: 50 })
  })

  it('refills once for a bank transfer, and says by what it was used', async () => {
    const asked = ['refill', '--asset', 'PKS', '--card', CARD, '--amount', '5']
    const first = await folder.ask(...asked, '--transfer', 'VIR 42')
    const again = await folder.run(...asked, '--cash', 'vir  42')
    expect(again.code).toBe(1)
    expect(again.stderr).toContain(`by tx ${first.txId}`)
    const both = await folder.run(...asked, '--cash', '7', '--transfer', '7')
    expect(both).toMatchObject({ code: 2, stdout: '' })
  })

  it('issues federated euros for cash and for a transfer, each on its account', async () => {
    const asked = ['issue', '--card', CARD, '--gross', '3.00']
    await folder.ask(...asked, '--cash', 'receipt 17')
    await folder.ask(...asked, '--transfer', 'VIR 43')
    const again = ['--account', 'bank/main', '--reference', 'VIR 43']
    expect((await folder.run(...asked, ...again)).code).toBe(1)
    const elsewhere = await folder.run(...asked, '--cash', '18', '--account', 'bank/main')
    expect(elsewhere).toMatchObject({ code: 2, stdout: '' })
    const { accounts } = await folder.ask('reserve', 'show')
    expect(accounts).toContainEqual(expect.objectContaining({ name: 'transit/cash', balance: 300 }))
  })

  it('holds money, captures a part of it and gives the rest free', async () => {
    await folder.ask('refill', '--asset', 'PKS', '--card', '1DACB397', '--amount', '10')
    const order = [
      '--place',
      'La Raffinerie',
      '--card',
      '1DACB397',
      '--asset',
      'PKS',
      '--amount',
      '6',
    ]
    const { hold } = await folder.ask('hold', 'open', ...order)
    await folder.ask('hold', 'capture', String(hold), '--amount', '4')
    const { accounts } = await folder.ask('card', 'show', '1DACB397')
    expect(accounts).toMatchObject([{ balance: 600, held: 0, available: 600 }])
    const release = await folder.run('hold', 'release', String(hold))
    expect(release).toMatchObject({ code: 1, stdout: '' })
  })

  it('keeps hours as hours and minutes', async () => {
    const asset = ['--place', 'Bar du Port', '--kind', 'TIM', '--code', 'HRE']
    await folder.ask('asset', 'create', 'Heures', ...asset)
    await folder.ask('refill', '--asset', 'HRE', '--card', CARD, '--amount', '1:20')
    const shown = await folder.run('card', 'show', CARD)
    expect(shown.stdout).toContain('1:20 HRE')
    const euros = await folder.run('refill', '--asset', 'PKS', '--card', CARD, '--amount', '1:20')
    expect(euros.code).toBe(2)
  })

  it('enrols an admin key of a place, which signs every later change', async () => {
    const [admin, till] = [folder.beside('admin.pem'), folder.beside('till.pem')]
    await folder.ask('key', 'new', admin)
    const { kid } = await folder.ask('key', 'new', till)
    expect((await folder.run('key', 'new', till)).code).toBe(1)
    const place = ['--place', 'Bar du Port']
    await folder.ask('key', 'add', ...place, '--file', admin)
    const unsigned = await folder.run(
      'key',
      'add',
      ...place,
      '--file',
      till,
      '--can',
      'sell',
      '--json',
    )
    expect(unsigned.json()).toMatchObject({ error: expect.stringContaining('leave --can out') })
    await folder.ask('key', 'add', ...place, '--file', till, '--can', 'sell', '--sign', admin)
    const { keys } = await folder.ask('key', 'list', ...place)
    expect(keys).toMatchObject([{ can: ['admin'] }, { can: ['sell'], kid }])
    await folder.ask('key', 'remove', ...place, '--kid', String(kid), '--sign', admin)
    expect((await folder.ask('key', 'list', ...place)).keys).toHaveLength(1)
  })

  it('makes, lists and revokes the API keys of programs', async () => {
    const order = ['Till 1', '--place', 'Bar du Port', '--can', 'read,sell', '--per-sale', '10']
    const { id, key } = await folder.ask('api-key', 'create', ...order)
    expect(key).toMatch(/^fedow_[0-9a-z]{10}_[A-Za-z0-9_-]{43}$/)
    await folder.ask('api-key', 'revoke', String(id))
    const { apiKeys } = await folder.ask('api-key', 'list')
    expect(apiKeys).toMatchObject([
      { id, name: 'Till 1', can: ['read', 'sell'], limits: { perSale: 1_000 } },
    ])
    expect(JSON.stringify(apiKeys)).not.toContain(String(key))
    expect(apiKeys).toMatchObject([{ revoked: expect.any(String) }])
  })

  it('does the same request once, however often it is asked with its key', async () => {
    const key = '0198f3a0-1111-7000-8000-000000000001'
    const sale = ['sale', '--place', 'Bar du Port', '--card', CARD, '--part', 'PKS=1']
    const first = await folder.ask(...sale, '--idempotency-key', key)
    expect(await folder.ask(...sale, '--idempotency-key', key)).toEqual(first)
    expect(first.txId).toBe(key)
    const other = await folder.run(
      'sale',
      '--place',
      'Bar du Port',
      '--card',
      CARD,
      '--part',
      'PKS=2',
      '--idempotency-key',
      key,
      '--json',
    )
    expect(other.json()).toMatchObject({ code: 'idempotency_key_reused' })
  })

  it('asks which one is meant when a name has two owners', async () => {
    const asset = (place: string, name: string) =>
      folder.ask('asset', 'create', name, '--place', place, '--kind', 'FID', '--code', 'PTS')
    await asset('La Raffinerie', 'Points A')
    await asset('Bar du Port', 'Points B')
    const refused = await folder.run('refill', '--asset', 'PTS', '--card', CARD, '--amount', '1')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('  Points A (PTS)')
    expect(refused.stderr).toContain('  Points B (PTS)')
  })

  it('reports every fault of a card file with its line and column, and creates no card', async () => {
    const order = ['--place', 'La Raffinerie', '--generation', '2', '--apply']
    const file = demoFile('cards-faulty.csv')
    const told = await folder.run('card', 'import', file, ...order, '--quiet')
    expect(told.code).toBe(1)
    const lines = told.stderr.split('\n').filter((line) => line.startsWith(file))
    expect(lines).toContainEqual(expect.stringContaining(':5 qr: The QR address'))
    expect(lines).toContainEqual(expect.stringContaining(':9 number: The printed number'))
    const { code, json } = await folder.run('card', 'import', file, ...order, '--json')
    expect(code).toBe(1)
    expect(json().faults).toHaveLength(8)
    expect((await folder.run('card', 'show', 'D4153041')).code).toBe(1)

    const tried = await folder.ask('card', 'import', file, ...order.slice(0, 4), '--skip-faulty')
    expect(tried).toMatchObject({ skipped: 8, rows: 4 })
    expect(tried).not.toHaveProperty('registered')
    expect(await folder.ask('card', 'import', file, ...order, '--skip-faulty')).toMatchObject({
      registered: 4,
    })
    expect(await folder.ask('card', 'show', 'D4153041')).toMatchObject({
      status: 'live',
      generation: 2,
    })
  })

  it('refuses what is unknown with 1, and what is badly written with 2, and says so to programs', async () => {
    const sale = (...more: string[]) => folder.run('sale', '--card', CARD, '--json', ...more)
    const refused = [
      await sale('--place', 'Bar du Port', '--amount', '900'),
      await sale('--place', 'Nowhere', '--amount', '1'),
      await folder.run('card', 'show', 'FFFFFFFF', '--json'),
      await folder.run('place', 'create', 'Bar du Port', '--json'),
    ]
    const misused = [
      await sale('--place', 'Bar du Port', '--amount', '-1'),
      await sale('--place', 'Bar du Port', '--amount', '0'),
      await sale('--place', 'Bar du Port'),
      await folder.run('sal', '--json'),
      await folder.run('place', 'create', '', '--json'),
    ]
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 1))
    expect(misused.map(({ code }) => code)).toEqual(misused.map(() => 2))
    for (const { json, stderr } of [...refused, ...misused]) {
      expect(json()).toBeTypeOf('object')
      expect(stderr).not.toBe('')
      expect(stderr).not.toMatch(/\n {4}at /)
    }
    expect(refused[0]?.json()).toMatchObject({ code: 'insufficient_balance', outcome: 'rejected' })
  })

  it('audits the book while the node works on it', async () => {
    const report = await folder.ask('audit')
    expect(report).toMatchObject({ ok: true, chain: expect.any(String) })
    expect(report.assets).toContainEqual(expect.objectContaining({ kind: 'FED', issued: 2_600 }))
  })

  it('is quiet when it is asked to', async () => {
    const sale = ['--place', 'La Raffinerie', '--card', CARD, '--part', 'PKS=0.10', '--quiet']
    expect(await folder.run('sale', ...sale)).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  it('prints the description of the API', async () => {
    const document = await folder.ask('openapi')
    expect(document).toMatchObject({ openapi: '3.1.0' })
  })

  it('refuses a file that holds no key', async () => {
    writeFileSync(folder.beside('not-a-key.pem'), 'hello')
    const place = ['--place', 'La Raffinerie']
    const added = await folder.run('key', 'add', ...place, '--file', folder.beside('not-a-key.pem'))
    expect(added.code).toBe(1)
    expect(added.stderr).toContain('cannot be read as a key')
  })
})

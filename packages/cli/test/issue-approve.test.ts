/** Two keepers from the command line: the first issues what the second has approved with a key of her own. */
import { expect, it } from 'vitest'
import { Folder, stop } from './fedow.ts'

it('issues a large amount once another key has approved it', { timeout: 120_000 }, async () => {
  using folder = new Folder()
  await folder.ask('init', '--two-keepers-above', '100', '--issue-day-max', '1000')
  const node = await folder.node()
  const wallet = String((await folder.ask('wallet', 'open')).wallet)
  const payment = ['--wallet', wallet, '--gross', '100.01', '--transfer', 'VIR 42']
  const alone = await folder.run('issue', ...payment)
  expect(alone.code).toBe(1)
  expect(alone.stderr).toContain('nobody has approved this payment yet')

  const file = folder.beside('second.pem')
  await folder.ask('key', 'new', file)
  const stranger = await folder.run('issue', 'approve', ...payment, '--sign', file)
  expect(stranger.code).toBe(1)
  await folder.ask('key', 'add', '--network', '--file', file, '--can', 'issue')
  const approved = await folder.run('issue', 'approve', ...payment, '--sign', file)
  expect(approved.stdout).toContain('Approved: 100.01')
  expect((await folder.run('issue', ...payment)).stdout).toContain('Issued 100.01 FED')

  const shown = await folder.run('reserve', 'show')
  expect(shown.stdout).toContain('Issued today: 100.01 of 1000.00 at most.')
  expect(shown.stdout).toContain(
    'Above 100.00 at once, or by hand in a day, two keepers; keys that may issue: 2.',
  )
  const unknown = ['--payment', '0198f3a0-1111-7000-8000-000000000001', '--sign', file]
  expect((await folder.run('issue', 'approve', ...unknown)).code).toBe(1)
  expect((await folder.run('issue', 'approve', ...unknown, '--gross', '1')).code).toBe(2)
  expect((await folder.run('issue', '--wallet', wallet, '--cash', '1')).code).toBe(2)
  await stop(node)
})

it('credits a refill of the sandbox that waits, once another key has approved it by its id', {
  timeout: 120_000,
}, async () => {
  using folder = new Folder()
  await folder.ask('init', '--two-keepers-above', '100')
  const node = await folder.node()
  const wallet = String((await folder.ask('wallet', 'open')).wallet)
  const file = folder.beside('second.pem')
  await folder.ask('key', 'new', file)
  await folder.ask('key', 'add', '--network', '--file', file, '--can', 'issue')
  const opened = await folder.ask('payment', 'open', '--wallet', wallet, '--amount', '150.00')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await fetch(String(opened['url']), { method: 'POST', headers, body: 'outcome=paid' })
  const id = String(opened['payment'])
  const waiting = await folder.run('payment', 'show', id)
  expect(waiting.stdout).toContain('waits for a second keeper')
  expect((await folder.ask('wallet', 'show', wallet)).accounts).toEqual([])
  const approve = ['issue', 'approve', '--payment', id, '--sign', file]
  const approved = await folder.run(...approve)
  expect([approved.code, approved.stdout]).toEqual([0, expect.stringContaining('Approved: 150.00')])
  expect(approved.stdout).toContain('credited')
  expect(await folder.ask('wallet', 'show', wallet)).toMatchObject({
    accounts: [{ balance: 15_000 }],
  })
  const again = await folder.run(...approve)
  expect([again.code, again.stderr]).toEqual([
    1,
    expect.stringContaining('does not wait for a second keeper'),
  ])
  await stop(node)
})

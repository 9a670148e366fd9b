/** What was paid on the sandbox goes back, as whoever tries the node out does it. */
import { expect, it } from 'vitest'
import { Folder, stop } from './fedow.ts'

it('shows what goes back, gives it back, and tells what became of it', {
  timeout: 60_000,
}, async () => {
  using folder = new Folder()
  const node = await folder.node('--demo')
  const { demo } = JSON.parse(node.text()) as { demo: { try: readonly string[] } }
  const [, card = ''] = /card show (\S+)/.exec(demo.try[0] ?? '') ?? []
  const opened = await folder.ask('payment', 'open', '--card', card, '--amount', '20.00')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await fetch(String(opened['url']), { method: 'POST', headers, body: 'outcome=paid' })
  const preview = await folder.run('payout', 'preview', '--card', card)
  expect([preview.code, preview.stdout]).toEqual([0, expect.stringContaining('20.00 goes back')])
  const begun = await folder.ask('payout', 'refund', '--card', card)
  expect(begun).toMatchObject({ payouts: [{ amount: 2_000, refund: { state: 'paid' } }] })
  const [{ payout = '' } = {}] = begun['payouts'] as readonly { readonly payout?: string }[]
  expect((await folder.run('payout', 'show', payout)).stdout).toContain('paid')
  const list = await folder.run('payout', 'list', '--state', 'paid')
  expect(list.stdout).toContain(payout)
  const again = await folder.run('payout', 'refund', '--card', card)
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Nothing goes back now.')])
  expect((await folder.run('payout', 'list', '--state', 'lost')).code).toBe(2)
  await stop(node)
})

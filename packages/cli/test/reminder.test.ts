/** Reminders as an operator meets them: a list, an address, an end of them. */
import { expect, it } from 'vitest'
import { Folder, stop } from './fedow.ts'

it('lists reminders, and changes where they go', { timeout: 60_000 }, async () => {
  using folder = new Folder()
  const node = await folder.node()
  const { wallet } = await folder.ask('wallet', 'open')
  const id = String(wallet)
  const list = await folder.run('reminder', 'list', '--wallet', id)
  expect([list.code, list.stdout]).toEqual([
    0,
    'Reminders: listed only, no mail server is set\n  0 waiting; 0 refused by the mail server\n',
  ])
  const set = ['reminder', 'set', id, '--email', 'ana@example.org', '--language', 'en']
  expect((await folder.run(...set)).stdout).toContain('ana@example.org')
  const stopped = await folder.ask('reminder', 'unsubscribe', id)
  expect(stopped).toMatchObject({ subscribed: false, language: 'en', email: 'ana@example.org' })
  expect(await folder.ask('reminder', 'set', id, '--again')).toMatchObject({ subscribed: true })
  const forgotten = await folder.ask('reminder', 'forget', id)
  expect(forgotten).toEqual({ wallet: id, subscribed: false, language: 'fr', addressed: false })
  expect((await folder.run('reminder', 'set', id, '--language', 'de')).code).toBe(2)
  expect((await folder.run('reminder', 'list', '--state', 'lost')).code).toBe(2)
  expect((await folder.run('status')).stdout).toContain('Reminders: listed only')
  const address = (JSON.parse(node.text()) as { readonly address: string }).address
  const page = await fetch(`${address}/reminders/stop?code=x`)
  expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('personne')])
  await stop(node)
})

/** A card refilled on the sandbox of a demonstration, as whoever tries the node out does it. */
import { describe, expect, it } from 'vitest'
import { Folder, stop } from './fedow.ts'

describe('fedow payment', () => {
  it('opens a page, and credits what is paid on it', { timeout: 60_000 }, async () => {
    using folder = new Folder()
    const node = await folder.node('--demo')
    const { demo } = JSON.parse(node.text()) as { demo: { try: readonly string[] } }
    const [, card = ''] = /card show (\S+)/.exec(demo.try[0] ?? '') ?? []
    const before = await fedOn(folder, card)
    const opened = await folder.ask('payment', 'open', '--card', card, '--amount', '20.00')
    expect(opened).toMatchObject({ sandbox: true })
    const url = String(opened['url'])
    const page = await fetch(url, { headers: { 'accept-language': 'fr' } })
    expect(await page.text()).toContain('AUCUN ARGENT RÉEL')
    const sent = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'outcome=paid',
    })
    expect(sent.url).toContain(`/payments/${opened['payment']}`)
    expect(await sent.text()).toContain('C’est fait')
    expect(await fedOn(folder, card)).toBe(before + 2_000)
    const shown = await folder.run('payment', 'show', String(opened['payment']))
    expect(shown.stdout).toContain('credited')
    expect(shown.stdout).toContain('no real money')
    const list = await folder.run('payment', 'list', '--state', 'credited')
    expect(list.stdout).toContain(String(opened['payment']))
    const status = await folder.run('status')
    expect(status.stdout).toContain('Online refills: by the sandbox: no real money')
    expect((await folder.run('payment', 'list', '--state', 'lost')).code).toBe(2)
    expect((await folder.run('payment', 'show', 'x')).code).toBe(2)
    await stop(node)
  })

  it('lets the reader of the sandbox ask for a card', { timeout: 60_000 }, async () => {
    using folder = new Folder()
    const node = await folder.node('--demo')
    const { demo } = JSON.parse(node.text()) as { demo: { try: readonly string[] } }
    const [, card = ''] = /card show (\S+)/.exec(demo.try[0] ?? '') ?? []
    const before = await fedOn(folder, card)
    expect((await folder.run('reader', 'list')).stdout).toContain('sandbox-reader')
    const { places } = await folder.ask('place', 'list')
    const [{ id: place }] = places as readonly [{ readonly id: string }]
    const wish = ['--place', place, '--reader', 'sandbox-reader', '--card', card]
    const ask = () => folder.ask('payment', 'terminal', ...wish, '--amount', '15.00')
    const first = await ask()
    const cancelled = await folder.run('payment', 'cancel', String(first['payment']))
    expect(cancelled.stdout).toContain('Nothing was paid')
    const { payment, url } = await ask()
    const page = await fetch(String(url), { headers: { 'accept-language': 'fr' } })
    expect(await page.text()).toContain('Terminal d’essai')
    const present = (outcome: string) =>
      fetch(String(url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `outcome=${outcome}`,
      })
    await present('declined')
    const shown = await folder.run('payment', 'show', String(payment))
    expect(shown.stdout).toContain('The bank has refused the card')
    const again = await folder.run('payment', 'again', String(payment))
    expect(again.stdout).toContain('asks for 15.00')
    await present('paid')
    expect(await fedOn(folder, card)).toBe(before + 1_500)
    const late = await folder.run('payment', 'cancel', String(payment))
    expect(late.stdout).toContain('was paid and is credited')
    const idle = await fetch(new URL('/sandbox/reader', String(url)))
    expect(await idle.text()).toContain('n’attend rien')
    await stop(node)
  })
})

async function fedOn(folder: Folder, card: string): Promise<number> {
  const { accounts } = await folder.ask('card', 'show', card)
  const all = accounts as readonly { readonly kind: string; readonly balance: number }[]
  return all.find(({ kind }) => kind === 'FED')?.balance ?? 0
}

/** Reminders by e-mail, to a real mail server over a real socket: what is in them, and what becomes of those it refuses. */
import {
  changeWalletReminders,
  forgetWalletReminders,
  getStatus,
  getWalletReminders,
  listReminders,
} from '@fedow/api'
import type { AssetId, WalletId } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RETRY_MAX_MS, RETRY_MS, TRIES_MAX } from '../src/reminders/pace.ts'
import { problemOf } from './http-world.ts'
import { MailServer, plainText } from './mail-server.ts'
import { ReminderWorld, TERMS } from './reminder-world.ts'

const FROM = 'fedow@example.org'
const ORIGIN = 'https://fedow.example.org'

let mailServer: MailServer
let world: ReminderWorld
let asset: AssetId
let ana: WalletId

function mail() {
  return { url: mailServer.url, from: FROM }
}

/** On 2 April, somebody has 10.00 of which 0.10 melt on 2 May. */
beforeEach(async () => {
  mailServer = await MailServer.open()
  world = await ReminderWorld.open({ mail: mail(), origin: () => ORIGIN })
  asset = await world.money({ code: 'PRL' })
  ana = await world.person('ana@example.org')
  await world.refill(ana, asset, 1_000n)
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
  await mailServer[Symbol.asyncDispose]()
})

function states(): readonly string[] {
  return world.outbox().map((one) => one.split(' ').at(-1) ?? '')
}

/** The address that stops reminders, as a mailbox reads it. */
function stopAddress(): URL {
  const header = mailServer.mails[0]?.headers.get('list-unsubscribe') ?? ''
  const { pathname, search } = new URL(/^<(.+)>$/.exec(header)?.[1] ?? '')
  return new URL(`${pathname}${search}`, world.server.origin)
}

describe('a reminder', () => {
  it('says amount, date, why, the three ways out, and how to have no more, in French', async () => {
    await world.round('2026-04-02')
    await world.server.reminders.round()
    expect(mailServer.mails).toHaveLength(1)
    const [first] = mailServer.mails
    if (first === undefined) throw new Error('a mail came')
    expect(first).toMatchObject({ from: FROM, to: ['ana@example.org'] })
    const text = plainText(first)
    for (const said of [
      'dans 30 jours, le samedi 2 mai 2026 à 0 h 00 (UTC)',
      '0,10 PRL sur 10,00 PRL (Monnaie PRL)',
      'après 60 jours sans geste de votre part, 1 % en fond tous les 30 jours',
      'https://fedow.example.org/me/spend',
      'https://fedow.example.org/me/give',
      'https://fedow.example.org/me/refund',
      'https://fedow.example.org/reminders/stop?code=',
    ]) {
      expect(text.replace(/[\u00a0\u202f]/g, ' ')).toContain(said)
    }
    expect(first.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(first.headers.get('auto-submitted')).toBe('auto-generated')
    expect(first.headers.get('message-id')).toMatch(/^<[0-9a-f]{32}@fedow\.example\.org>$/)
    expect(states()).toEqual(['sent'])
  })

  it('is one letter for all assets of a wallet and all its days, in the language of its reader', async () => {
    const gift = await world.money({ code: 'CAD', kind: 'TNF' })
    const weekly = { ...TERMS, period: { days: 7 }, form: { ppm: 5_000 } }
    const soon = await world.money({ code: 'VIT', terms: weekly })
    await world.refill(ana, gift, 2_000n)
    await world.refill(ana, soon, 3_000n)
    world.server.reminders.change(ana, { language: 'en' })
    await world.round('2026-04-02')
    expect(mailServer.mails).toHaveLength(1)
    const [first] = mailServer.mails
    const text = first === undefined ? '' : plainText(first).replaceAll('\r\n', '\n')
    expect(text).toContain('in 7 days, on Thursday, 9 April 2026')
    expect(text).toContain('- 0.15 VIT of 30.00 VIT')
    expect(text).toContain('in 30 days, on Saturday, 2 May 2026')
    expect(text).toContain('- 0.10 PRL of 10.00 PRL (Monnaie PRL)\n- 0.20 CAD of 20.00 CAD')
    expect(text).toContain('every 7 days')
    expect(states()).toEqual(['sent', 'sent'])
  })

  it('is not sent when a gesture comes before the mail server does', async () => {
    mailServer.answering = () => '421 not now'
    await world.round('2026-04-02')
    expect(states()).toEqual(['waiting'])
    await world.pay(ana, asset, 100n)
    mailServer.answering = () => undefined
    world.nowMs += RETRY_MS
    await world.server.reminders.round()
    expect(mailServer.mails).toEqual([])
    expect(states()).toEqual(['moved'])
  })

  it('gives way to a later one that waits too', async () => {
    mailServer.answering = () => '421 not now'
    await world.round('2026-04-02')
    await world.round('2026-04-25')
    mailServer.answering = () => undefined
    world.nowMs += RETRY_MAX_MS
    await world.server.reminders.round()
    expect(states()).toEqual(['superseded', 'sent'])
    expect(mailServer.mails).toHaveLength(1)
  })

  it('is sent once over restarts', async () => {
    await world.round('2026-04-02')
    await world.stop()
    await world.start({ mail: mail() })
    await world.server.reminders.round()
    expect(mailServer.mails).toHaveLength(1)
  })

  it('waits for an address, and for a mail server', async () => {
    const bob = await world.person()
    await world.refill(bob, asset, 1_000n)
    await world.stop()
    await world.start()
    await world.round('2026-04-02')
    const listed = await world.server.operator.call(listReminders, {})
    expect(listed.status).toEqual({ mailed: false, waiting: 2, unaddressed: 0, failed: 0 })
    await world.stop()
    await world.start({ mail: mail() })
    await world.server.reminders.round()
    expect(mailServer.mails.flatMap(({ to }) => to)).toEqual(['ana@example.org'])
    const query = { wallet: bob }
    const { status, reminders } = await world.server.operator.call(listReminders, { query })
    expect(status).toEqual({ mailed: true, waiting: 1, unaddressed: 1, failed: 0 })
    expect(reminders[0]?.problem?.code).toBe('no_address')
    const body = { email: 'bob@example.org' }
    await world.server.operator.call(changeWalletReminders, { params: { wallet: bob }, body })
    await world.server.reminders.round()
    expect(mailServer.mails[1]?.to).toEqual(['bob@example.org'])
  })

  it('goes to the address that a client of v1 gave', async () => {
    const cora = await world.person()
    await world.refill(cora, asset, 1_000n)
    world.server.v1.means.store.people.add({ wallet: cora, email: 'Cora@example.org', pem: null })
    await world.round('2026-04-02')
    expect(mailServer.mails.flatMap(({ to }) => to)).toContain('cora@example.org')
  })
})

describe('a mail server', () => {
  it('that refuses a reader for good makes a dead letter, shown to the operator alone', async () => {
    mailServer.answering = (line) => (line.startsWith('RCPT') ? '550 5.1.1 nobody' : undefined)
    await world.round('2026-04-02')
    await world.server.reminders.round()
    expect(mailServer.commands.filter((line) => line.startsWith('RCPT'))).toHaveLength(1)
    const query = { state: 'failed' } as const
    const { reminders } = await world.server.operator.call(listReminders, { query })
    expect(reminders).toMatchObject([{ wallet: ana, state: 'failed', tries: 1 }])
    expect(reminders[0]?.problem).toMatchObject({ code: 'smtp_550' })
    const status = await world.server.operator.call(getStatus, {})
    expect(status.reminders).toEqual({ mailed: true, waiting: 0, unaddressed: 0, failed: 1 })
    expect(await world.server.anyone.call(getStatus, {})).not.toHaveProperty('reminders')
    expect(world.warnings.join()).not.toMatch(/ana|example\.org|127\.0/)
  })

  it('that takes a letter later gets it again, with more and more time between', async () => {
    mailServer.answering = (line) => (line.startsWith('RCPT') ? '451 later' : undefined)
    await world.round('2026-04-02')
    const tried = () => mailServer.commands.filter((line) => line.startsWith('RCPT')).length
    world.nowMs += RETRY_MS - 1
    await world.server.reminders.round()
    expect(tried()).toBe(1)
    world.nowMs += 1
    await world.server.reminders.round()
    expect(tried()).toBe(2)
    for (let count = 2; count < TRIES_MAX + 3; count += 1) {
      world.nowMs += RETRY_MAX_MS
      await world.server.reminders.round()
    }
    expect(tried()).toBe(TRIES_MAX)
    expect(states()[0]).toBe('failed')
  })

  it('that is away is left alone for a while, and blames no letter', async () => {
    const { port } = mailServer
    await mailServer[Symbol.asyncDispose]()
    await world.round('2026-04-02')
    const [waiting] = world.server.reminders.page({ limit: 1 })
    expect(waiting).toMatchObject({ state: 'waiting', tries: 0, problem: 'mail_esocket' })
    mailServer = await MailServer.open(port)
    await world.server.reminders.round()
    expect(mailServer.mails).toEqual([])
    world.nowMs += RETRY_MS
    await world.server.reminders.round()
    expect(mailServer.mails).toHaveLength(1)
  })

  it('gets a name and a password, which no warning repeats', async () => {
    await world.stop()
    const { port } = mailServer
    const url = `smtp://node:s%40cret@127.0.0.1:${port}`
    await world.start({ mail: { url, from: `Fedow <${FROM}>` } })
    mailServer.answering = (line) => (line.startsWith('AUTH') ? '535 5.7.8 no' : undefined)
    await world.round('2026-04-02')
    expect(world.warnings).toHaveLength(1)
    expect(world.warnings.join()).toContain('smtp_535')
    expect(world.warnings.join()).not.toMatch(/s@cret|s%40cret|node:/)
    mailServer.answering = () => undefined
    world.nowMs += RETRY_MS
    await world.server.reminders.round()
    const login = mailServer.commands.findLast((line) => line.startsWith('AUTH PLAIN'))
    expect(Buffer.from(login?.split(' ')[2] ?? '', 'base64').toString()).toBe('\0node\0s@cret')
    expect(mailServer.mails).toHaveLength(1)
  })

  it('is cut off when the node stops, and the letter is sent after the next start', async () => {
    const { promise: isStopping, resolve: stopping } = Promise.withResolvers<void>()
    const { promise: got, resolve } = Promise.withResolvers<void>()
    mailServer.onMail = () => {
      resolve()
      return isStopping
    }
    await world.day('2026-04-02')
    world.server.reminders.begin()
    await got
    await world.stop()
    stopping()
    mailServer.onMail = () => {}
    await world.start({ mail: mail(), origin: () => ORIGIN })
    await world.server.reminders.round()
    expect(states()).toEqual(['sent'])
    // The server had it before: a mailbox can tell that both are one letter.
    const ids = mailServer.mails.map(({ headers }) => headers.get('message-id'))
    expect([ids.length, new Set(ids).size]).toEqual([2, 1])
  })

  it('gets no password in clear when it is another machine', async () => {
    await world.stop()
    // This machine by another name: no server that offers no TLS gets the name of somebody.
    const url = `smtp://node:secret@[::ffff:127.0.0.1]:${mailServer.port}`
    await world.start({ mail: { url, from: FROM } })
    await world.round('2026-04-02')
    expect(mailServer.commands.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'STARTTLS'])
    expect(states()).toEqual(['waiting'])
  })
})

describe('whoever wants none', () => {
  it('stops them by one POST of the mailbox, which changes nothing of the rule', async () => {
    await world.round('2026-04-02')
    const before = world.server.book.state.get('account', `${ana}/${asset}`)
    const address = stopAddress()
    const opened = await fetch(address)
    expect([opened.status, await opened.json()]).toEqual([200, { isSubscribed: true }])
    const posted = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect(await posted.json()).toEqual({ isSubscribed: false, done: 'stopped' })
    await world.round('2026-04-25')
    await world.round('2026-05-01')
    expect(mailServer.mails).toHaveLength(1)
    expect(world.server.book.state.get('account', `${ana}/${asset}`)).toEqual(before)
    await world.day('2026-05-02')
    const { state } = world.server.book
    expect(state.get('account', `${ana}/${asset}`)?.balance).toBe(990n)
  })

  it('takes it back on the same page', async () => {
    await world.round('2026-04-02')
    const address = stopAddress()
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    await fetch(address, { method: 'POST', body: form })
    expect(world.server.reminders.wishesOf(ana).isStopped).toBe(true)
    const again = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ reminders: 'begin' }),
    })
    expect(await again.json()).toEqual({ isSubscribed: true, done: 'begun' })
    await world.round('2026-04-25')
    expect(mailServer.mails).toHaveLength(2)
  })

  it.each(['', 'x', 'A'.repeat(32), 'A'.repeat(400)])(
    'has no page at the code "%s"',
    async (code) => {
      const address = new URL(`/reminders/stop?code=${code}`, world.server.origin)
      for (const method of ['GET', 'POST']) {
        const answer = await fetch(address, { method })
        expect([answer.status, await answer.text()]).toEqual([404, 'nobody'])
      }
    },
  )

  it('may have all erased that the node knows for them', async () => {
    await world.round('2026-04-02')
    const address = stopAddress()
    const { operator } = world.server
    const params = { wallet: ana }
    const known = await operator.call(getWalletReminders, { params })
    expect(known).toMatchObject({ subscribed: true, language: 'fr', email: 'ana@example.org' })
    expect(known.reminders).toHaveLength(1)
    const forgotten = await operator.call(forgetWalletReminders, { params })
    expect(forgotten).toEqual({ wallet: ana, subscribed: false, language: 'fr', addressed: false })
    expect((await operator.call(getWalletReminders, { params })).reminders).toEqual([])
    expect((await fetch(address)).status).toBe(404)
    await world.round('2026-05-01')
    expect(world.outbox()).toEqual([])
  })
})

describe('the API', () => {
  it('tells an address to the operator alone, and a wallet to who reaches it', async () => {
    const reader = await world.server.withKey({ name: 'App', place: null, can: ['read'] })
    const params = { wallet: ana }
    const seen = await reader.call(getWalletReminders, { params })
    expect(seen).toEqual({
      ...{ wallet: ana, subscribed: true, language: 'fr', addressed: true, reminders: [] },
    })
    const { place } = world
    const bar = await world.server.withKey({ name: 'Bar', place, can: ['read'] })
    expect(await problemOf(bar, getWalletReminders, { params })).toMatchObject({
      ...{ status: 403, code: 'wallet_out_of_reach' },
    })
    const body = { subscribed: false }
    const refused = await problemOf(reader, changeWalletReminders, { params, body })
    expect(refused).toMatchObject({ status: 403, code: 'operator_only' })
  })
})

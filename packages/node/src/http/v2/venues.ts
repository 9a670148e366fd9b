import {
  attestTransferFile,
  cancelTransferFile,
  getTransferFile,
  listVenues,
  makeTransferFile,
  payVenue,
  setOwnAccount,
  setVenueAccount,
} from '@fedow/api'
import { type Id, type PlaceId, refuse } from '@fedow/ledger'
import { deny } from '../../gateway/denial.ts'
import type { EndedFile, FileRefusal, KeptAccount } from '../../payments/transfer-files.ts'
import type { BegunTransfer } from '../../payments/venue-transfers.ts'
import type { TransferFile, VenueTransfer } from '../../store/venue-store.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'

const TRANSFERS_SHOWN = 100
const FILES_SHOWN = 20

export function venueRoutes(http: Http): void {
  const { parts } = http
  const { book } = parts
  const { venues, files } = parts.payments
  const { store } = venues

  serve(http, listVenues, () => ({
    venues: [...venuesOf(http)],
    transfers: store.page(TRANSFERS_SHOWN).map(transferView),
    files: store.files(FILES_SHOWN).map((file) => fileView(http, file)),
  }))

  serve(http, setVenueAccount, ({ params: { place }, body }) => {
    const { wallet } = book.state.get('place', place) ?? refuse({ code: 'place_not_found', place })
    const iban = toKept(files.setAccount(wallet, body))
    return iban === undefined ? {} : { iban }
  })

  serve(http, setOwnAccount, ({ body: { account, ...bank } }) => {
    const iban = toKept(files.setAccount(book.genesis.wallet, { bank, reserve: account })) ?? ''
    return { iban }
  })

  serve(http, payVenue, async ({ id, params: { place }, body }) => {
    if (book.state.get('place', place) === undefined) refuse({ code: 'place_not_found', place })
    const transfer = id as string as VenueTransfer['id']
    const amount = BigInt(body.amount)
    return toTransfer(place, await venues.open({ id: transfer, place, amount }))
  })

  fileRoutes(http, files)
}

function fileRoutes(http: Http, files: Http['parts']['payments']['files']): void {
  const { store } = http.parts.payments.venues

  serve(http, makeTransferFile, async ({ id, body: { day, transfers } }) => {
    const wishes = transfers?.map(({ place, amount }) => ({
      place,
      amount: amount === undefined ? undefined : BigInt(amount),
    }))
    const isTwice = new Set(wishes?.map(({ place }) => place)).size !== (wishes?.length ?? 0)
    if (isTwice) deny({ code: 'invalid_request', where: '/transfers', expected: 'a place once' })
    demandDay(day, http.parts.now())
    const made = await files.make({ id: id as string as TransferFile['id'], day, wishes })
    if (made.status !== 'made') return refuseFile(made)
    return { file: fileView(http, made.file), xml: made.file.xml }
  })

  serve(http, getTransferFile, async ({ params: { file: id } }) => {
    const file = store.file(id)
    if (file === undefined) throw new RequestError({ code: 'transfer_file_not_found', file: id })
    const shown = await files.show(file)
    if (shown.status !== 'made') return refuseFile(shown)
    return { file: fileView(http, file), xml: file.xml }
  })

  serve(http, attestTransferFile, async ({ params: { file }, body: { reference } }) =>
    toFile(http, file, await files.attest(file, reference)),
  )

  serve(http, cancelTransferFile, async ({ params: { file } }) =>
    toFile(http, file, await files.cancel(file)),
  )
}

function toKept(kept: KeptAccount): string | undefined {
  switch (kept.status) {
    case 'kept':
      return kept.iban
    case 'wrong_iban':
      return deny({
        ...{ code: 'invalid_request', where: '/iban', expected: 'an IBAN whose check digits fit' },
      })
    case 'wrong_holder':
      return deny({
        ...{ code: 'invalid_request', where: '/holder', expected: 'a name in Latin letters' },
      })
  }
}

/** A day that exists, and that is neither over nor too far away for a bank. */
function demandDay(day: string | undefined, nowMs: number): void {
  if (day === undefined) return
  const timeMs = Date.parse(day)
  const isThere = !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(day)
  const ahead = timeMs - nowMs
  if (!isThere || ahead < -86_400_000 || ahead > 90 * 86_400_000) {
    deny({ code: 'invalid_request', where: '/day', expected: 'one of the next 90 days' })
  }
}

function toTransfer(place: PlaceId, begun: BegunTransfer) {
  switch (begun.status) {
    case 'begun':
      return transferView(begun.transfer)
    case 'off':
      throw new RequestError({ code: 'transfers_off', why: begun.why })
    case 'other':
      throw new RequestError({ code: 'idempotency_key_reused' })
    case 'no_account':
      throw new RequestError({ code: 'provider_account_missing', place })
    case 'more_than_earned':
      throw new RequestError({ code: 'more_than_earned', place, left: Number(begun.left) })
  }
}

function refuseFile(refusal: FileRefusal): never {
  switch (refusal.status) {
    case 'own_account_missing':
      throw new RequestError({ code: 'own_account_missing' })
    case 'no_iban':
      throw new RequestError({ code: 'bank_account_missing', place: refusal.place })
    case 'more_than_earned':
      throw new RequestError({
        ...{ code: 'more_than_earned', place: refusal.place, left: Number(refusal.left) },
      })
    case 'nothing':
      throw new RequestError({ code: 'nothing_to_transfer' })
    case 'reserve_short':
      throw new RequestError({
        ...{ code: 'bank_short', account: refusal.account, missing: Number(refusal.missing) },
      })
    case 'other':
      throw new RequestError({ code: 'idempotency_key_reused' })
    case 'no_keeper':
      throw new RequestError({ code: 'keeper_elsewhere' })
    case 'busy':
      throw new RequestError({ code: 'venues_not_held' })
  }
}

function toFile(http: Http, file: Id<'transfer-file'>, ended: EndedFile) {
  switch (ended.status) {
    case 'ended':
      return fileView(http, ended.file)
    case 'unknown':
      throw new RequestError({ code: 'transfer_file_not_found', file })
    case 'over':
      throw new RequestError({ code: 'transfer_file_over', state: ended.state })
  }
}

function* venuesOf({ parts: { book, payments } }: Http) {
  const { venues, files } = payments
  let after: string | undefined
  do {
    const page = book.records('place', { after, limit: 100 })
    for (const { id, record } of page) {
      const place = id as PlaceId
      const { iban, connect } = files.shown(record.wallet)
      const left = Number(venues.left(place))
      const underWay = Number(venues.store.underWay(place))
      if (left === 0 && underWay === 0 && iban === undefined && connect === undefined) continue
      yield {
        ...{ place, name: record.name, left, underWay },
        ...(iban !== undefined && { iban }),
        ...(connect !== undefined && { connect }),
      }
    }
    after = page.at(-1)?.id
  } while (after !== undefined)
}

function transferView(transfer: VenueTransfer) {
  const { id, place, amount, provider, file, state, reference, tx, problem } = transfer
  return {
    ...{ transfer: id, place, amount: Number(amount), by: byOf(provider), state },
    ...(file !== undefined && { file }),
    ...(reference !== undefined && { reference }),
    ...(tx !== undefined && { tx }),
    ...(problem !== undefined && { problem }),
    ...{ created: toIsoMs(transfer.createdMs), changed: toIsoMs(transfer.changedMs) },
  }
}

function byOf(provider: string | undefined): 'bank' | 'stripe' | 'sandbox' {
  return provider === 'stripe' || provider === 'sandbox' ? provider : 'bank'
}

function fileView({ parts }: Http, file: TransferFile) {
  const { id, reserve, day, state, sha256, reference, createdMs, changedMs } = file
  const transfers = parts.payments.venues.store.ofFile(id)
  const cents = transfers.reduce((sum, { amount }) => sum + amount, 0n)
  return {
    ...{ file: id, account: reserve, day, state, sha256: sha256.toHex(), amount: Number(cents) },
    transfers: transfers.map(transferView),
    ...(reference !== undefined && { reference }),
    ...{ created: toIsoMs(createdMs), changed: toIsoMs(changedMs) },
  }
}

import {
  changeWalletReminders,
  forgetWalletReminders,
  getWalletReminders,
  listReminders,
} from '@fedow/api'
import { demandOnWallet, walletNamed } from '../../gateway/caller.ts'
import type { Http } from '../parts.ts'
import { remindersView, reminderView, wishesView } from '../reminder-view.ts'
import { serve } from '../serve.ts'

const PAGE_USUAL = 100
/** Reminders of one wallet that are kept: about three for each due day of two months. */
const OF_WALLET_MAX = 200

export function reminderRoutes(http: Http): void {
  const { book, reminders } = http.parts

  serve(http, listReminders, ({ query: { limit = PAGE_USUAL, ...query } }) => {
    const page = reminders.page({ ...query, limit })
    const last = page.at(-1)
    return {
      status: remindersView(reminders),
      reminders: page.map((one) => reminderView(book.state, one)),
      ...(last !== undefined && page.length === limit && { next: last.number }),
    }
  })

  serve(http, getWalletReminders, ({ caller, params: { wallet } }) => {
    demandOnWallet(caller, { id: wallet, record: walletNamed(book.state, wallet) }, 'read', 'spend')
    const page = reminders.page({ wallet, limit: OF_WALLET_MAX })
    return {
      ...wishesView(reminders.wishesOf(wallet), caller.kind === 'operator'),
      reminders: page.map((one) => reminderView(book.state, one)),
    }
  })

  serve(http, changeWalletReminders, ({ params: { wallet }, body }) => {
    walletNamed(book.state, wallet)
    const { subscribed, language, email } = body
    const change = {
      isStopped: subscribed === undefined ? undefined : !subscribed,
      language,
      email: email === undefined ? undefined : { address: email || undefined },
    }
    return wishesView(reminders.change(wallet, change), true)
  })

  serve(http, forgetWalletReminders, ({ params: { wallet } }) => {
    walletNamed(book.state, wallet)
    reminders.forget(wallet)
    return wishesView(reminders.wishesOf(wallet), true)
  })
}

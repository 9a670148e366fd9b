import { getWallet, listWalletLines, openWallet } from '@fedow/api'
import { demandOnWallet, walletNamed } from '../../gateway/caller.ts'
import { walletIdOf, walletOpenIntent } from '../../gateway/registry-intents.ts'
import { linePage, linesOfWallet } from '../line-page.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { answerIntent } from '../tx-answer.ts'
import { holdingsView } from '../views.ts'

export function walletRoutes(http: Http): void {
  const { means, parts } = http
  const { book } = parts

  serve(http, openWallet, async ({ caller, id, body }) => {
    const answer = await answerIntent(
      http,
      caller,
      walletOpenIntent(means, caller, { id, ...body }),
    )
    return { ...answer, wallet: walletIdOf(means, id) }
  })

  serve(http, getWallet, ({ caller, params: { wallet: id } }) => {
    const record = walletNamed(book.state, id)
    demandOnWallet(caller, { id, record }, 'read', 'spend')
    return { wallet: id, kind: record.kind, ...holdingsView(book.state, id) }
  })

  serve(http, listWalletLines, ({ caller, params: { wallet: id }, query }) => {
    const record = walletNamed(book.state, id)
    demandOnWallet(caller, { id, record }, 'read', 'spend')
    return linePage(book, linesOfWallet(book, id, query))
  })
}

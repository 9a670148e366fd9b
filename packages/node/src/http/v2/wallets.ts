import { getStatement, getWallet, listWalletLines, openWallet } from '@fedow/api'
import { demandOnWallet, walletNamed } from '../../gateway/caller.ts'
import { walletIdOf, walletOpenIntent } from '../../gateway/registry-intents.ts'
import { linePage, linesOfWallet } from '../line-page.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve, serveFile } from '../serve.ts'
import { answerIntent } from '../tx-answer.ts'
import { holdingsView } from '../views.ts'

export function walletRoutes(http: Http): void {
  const { means, parts } = http
  const { book, proofs } = parts
  const at = () => ({ state: book.state, timeMs: parts.now() })

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
    return { wallet: id, kind: record.kind, ...holdingsView(at(), id) }
  })

  serveFile(http, getStatement, async ({ caller, params: { wallet: id }, query }) => {
    const record = walletNamed(book.state, id)
    demandOnWallet(caller, { id, record }, 'read', 'spend')
    const file = await proofs.statement({ wallet: id, ...query })
    if (file === undefined) throw new RequestError({ code: 'not_sealed_yet' })
    return { file }
  })

  serve(http, listWalletLines, ({ caller, params: { wallet: id }, query }) => {
    const record = walletNamed(book.state, id)
    demandOnWallet(caller, { id, record }, 'read', 'spend')
    return linePage(book, linesOfWallet(book, id, query))
  })
}

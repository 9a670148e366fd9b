import { type AnswerOf, listFunds } from '@fedow/api'
import { FundSums } from '../fund-sums.ts'
import { fundAccounts } from '../fund-views.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'

export function fundRoutes(http: Http): void {
  const { book } = http.parts
  const sums = new FundSums(book)

  serve(http, listFunds, async () => {
    const funds: AnswerOf<typeof listFunds>['funds'] = []
    for (const { wallet, name } of book.genesis.funds) {
      funds.push({ wallet, name, accounts: await fundAccounts(book, { fund: wallet, sums }) })
    }
    return { funds }
  })
}

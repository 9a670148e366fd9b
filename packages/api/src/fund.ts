import type { ProposalId, WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { AssetName } from './line.ts'
import { PREFIX, type Route } from './route.ts'
import { AmountText, closed, idText, named, ref, Time } from './schema.ts'

/** What a fund had and gave in one asset. collected + other = melted + paid + balance. */
export const FundAccountView = named(
  'FundAccount',
  closed({
    asset: ref(AssetName),
    collected: AmountText,
    other: AmountText,
    melted: AmountText,
    paid: AmountText,
    voted: AmountText,
    balance: AmountText,
    grants: Type.Array(
      closed({
        proposal: idText<ProposalId>('The proposal that passed.'),
        to: idText<WalletId>('Who gets it.'),
        toName: Type.String(),
        amount: AmountText,
        applies: Time,
        covered: Type.Boolean({
          description:
            'Whether the fund has it then, by what it has now and the grants before; one that is not fails.',
        }),
      }),
      { description: 'Grants that passed and are not paid yet, in the order of payment.' },
    ),
    sentence: Type.String({ description: 'The same in a sentence.' }),
  }),
)

/** The funds of the network. */
export const listFunds = {
  method: 'GET',
  url: `${PREFIX}/funds`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'listFunds',
    summary: 'What each fund collected, what was voted of it, what it paid, what it has',
    description:
      'collected: shares of what melted (RDS). other: grants from other funds. melted: what melted in the fund itself. paid: grants (GRT). voted: grants that passed and wait. collected + other - melted - paid = balance, always.',
    tags: ['governance'],
    response: {
      200: closed({
        funds: Type.Array(
          closed({
            wallet: idText<WalletId>('The fund.'),
            name: Type.String(),
            accounts: Type.Array(ref(FundAccountView)),
          }),
        ),
      }),
    },
  },
} as const satisfies Route

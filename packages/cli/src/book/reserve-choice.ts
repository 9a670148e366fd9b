/** How a command says where the euros behind federated money are. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Hex32 } from '@fedow/ledger'
import { many, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { parseAmount } from '../text/amount.ts'

export const reserveValues = {
  reserve: many(
    'account=amount',
    'euros that back federated money, such as bank/main=1250.00; what none shows is due from the keeper',
  ),
  reserveStatement: text('file', 'the statement that shows them; the book keeps its SHA-256'),
}

const ACCOUNT = /^(?:bank|provider|transit)\/[a-z0-9][a-z0-9-]{0,31}$/

/** Where the euros are, and what shows it. */
export interface ReserveChoice {
  readonly accounts: readonly { readonly account: string; readonly amount: bigint }[]
  readonly statement?: Hex32
}

/** Throws Misuse. */
export function readReserve(values: {
  readonly reserve: readonly string[]
  readonly reserveStatement: string | undefined
}): ReserveChoice {
  const { reserve, reserveStatement: path } = values
  const accounts = reserve.map(readAccount)
  if (accounts.length > 0 !== (path !== undefined)) {
    throw new Misuse(
      'Give --reserve and --reserve-statement together: amounts, and the file that shows them. Nothing was done.',
    )
  }
  if (new Set(accounts.map(({ account }) => account)).size < accounts.length) {
    throw new Misuse('Name each account of --reserve once. Nothing was done.')
  }
  return { accounts, ...(path !== undefined && { statement: hashOf(path) }) }
}

function readAccount(text: string): ReserveChoice['accounts'][number] {
  const [account = '', amount = ''] = text.split('=')
  if (!ACCOUNT.test(account)) {
    throw new Misuse(
      `"${text}" is not an account and an amount; write bank/main=1250.00, with bank/, provider/ or transit/ in front. Nothing was done.`,
    )
  }
  return { account, amount: parseAmount(amount) }
}

function hashOf(path: string): Hex32 {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex') as Hex32
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Misuse(`The statement cannot be read: ${why}. Nothing was done.`)
  }
}

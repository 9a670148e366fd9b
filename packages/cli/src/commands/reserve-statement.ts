import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { getReserve, toDecimal } from '@fedow/api'
import type { Action, Hex32 } from '@fedow/ledger'
import { submitSigned } from '../book/admin-tx.ts'
import { readKeyFile } from '../book/key-file.ts'
import { readReserveAccount } from '../book/reserve-account.ts'
import { readMoment } from '../book/time.ts'
import { command, needed, text } from '../command.ts'
import { parseAmount } from '../text/amount.ts'
import { toReceipt } from '../text/applied.ts'

/** A block takes txs for a second: a statement must not be of a later moment than its block. */
const BLOCK_MAX_MS = 2_000

export const reserveStatement = command({
  name: 'reserve statement',
  summary: 'A second person says what an account of the reserve has',
  details:
    'Signed with a key of its own, which the operator has registered: "fedow key add --network --can attest". The balance is compared with what the book has there at this moment, so look it up now.',
  options: {
    account: needed('account', 'bank/main, provider/stripe, transit/cash'),
    balance: needed('amount', 'in euros, as the bank shows it; -12.50 is below zero'),
    at: text('moment', 'when it was read, as ISO 8601; now when absent'),
    reference: needed('text', 'what shows it: a file, or a text; the book keeps its SHA-256'),
    sign: needed('path', 'the file of the key of the person who attests'),
  },
  examples: [
    'reserve statement --account bank/main --balance 8450.12 --reference statement-2026-11.pdf --sign treasurer.pem',
    'reserve statement --account provider/stripe --balance 312.00 --reference "balance of 22 November" --sign treasurer.pem --json',
  ],
  async run({ client, screen, key: id }, { sign, reference, ...values }) {
    const account = readReserveAccount(values.account)
    const balance = readBalance(values.balance)
    const atMs =
      values.at === undefined ? Date.now() - BLOCK_MAX_MS : Date.parse(readMoment(values.at))
    const action: Action = {
      kind: 'reserve-statement',
      account,
      balance,
      atMs,
      reference: toSha(reference),
    }
    const done = await submitSigned(client, action, { key: readKeyFile(sign), id })
    const { accounts } = await client.call(getReserve, {})
    const statement = accounts.find(({ name }) => name === account)?.statement
    screen.done({ ...done, statement }, () => {
      const book = statement === undefined ? '' : `; the book has ${toDecimal(statement.book)}`
      return `${account} has ${toDecimal(balance)}${book} (${toReceipt(done)}).`
    })
  },
})

/** Cents of either sign. Throws Misuse. */
function readBalance(text: string): bigint {
  return text.startsWith('-') ? -parseAmount(text.slice(1)) : parseAmount(text)
}

/** SHA-256 of the file of this name, or of the text when there is none. */
function toSha(reference: string): Hex32 {
  const bytes = existsSync(reference) ? readFileSync(reference) : reference
  return createHash('sha256').update(bytes).digest('hex') as Hex32
}

/** A file of credit transfers as banks take them: ISO 20022 pain.001.001.09, in euros, one batch. */
import { assert } from '@fedow/ledger'
import { toSepaText } from './sepa-text.ts'

/** One payment of a file. */
export interface Credit {
  /** At most 35 signs: it comes back on every statement. */
  readonly endToEndId: string
  readonly name: string
  /** Parsed. */
  readonly iban: string
  /** Cents, from 1 to 99999999999. */
  readonly amount: bigint
  /** What the receiver reads. */
  readonly remittance: string
}

export interface CreditTransfers {
  /** At most 35 signs, never used before. */
  readonly messageId: string
  readonly createdMs: number
  /** When the bank is to pay, such as 2026-11-24. */
  readonly day: string
  readonly debtor: { readonly name: string; readonly iban: string }
  readonly credits: readonly Credit[]
}

/** The most that one payment may be. */
export const CREDIT_MAX = 99_999_999_999n
const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
const NAME_MAX = 70
const REMITTANCE_MAX = 140

/** The text of the file, UTF-8 when it is written. */
export function toCreditTransferXml(order: CreditTransfers): string {
  const { messageId, createdMs, day, debtor, credits } = order
  assert(credits.length > 0, 'a file of transfers has one')
  const cents = credits.reduce((sum, { amount }) => sum + amount, 0n)
  const sums = [leaf('NbOfTxs', String(credits.length)), leaf('CtrlSum', toEuros(cents))]
  const created = new Date(createdMs).toISOString().replace(/\.\d+Z$/, 'Z')
  const payment = node('PmtInf', [
    leaf('PmtInfId', `${messageId}-1`.slice(-35)),
    leaf('PmtMtd', 'TRF'),
    leaf('BtchBookg', 'false'),
    ...sums,
    node('PmtTpInf', [node('SvcLvl', [leaf('Cd', 'SEPA')])]),
    node('ReqdExctnDt', [leaf('Dt', day)]),
    node('Dbtr', [leaf('Nm', toName(debtor.name))]),
    node('DbtrAcct', [node('Id', [leaf('IBAN', debtor.iban)]), leaf('Ccy', 'EUR')]),
    node('DbtrAgt', [UNNAMED_BANK]),
    leaf('ChrgBr', 'SLEV'),
    ...credits.map(toCredit),
  ])
  const header = node('GrpHdr', [
    leaf('MsgId', messageId),
    leaf('CreDtTm', created),
    ...sums,
    node('InitgPty', [leaf('Nm', toName(debtor.name))]),
  ])
  const body = indent(node('CstmrCdtTrfInitn', [header, payment]))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${NAMESPACE}">\n${body}\n</Document>\n`
}

/** The IBAN names the bank: since 2016 nobody asks for its code beside. */
const UNNAMED_BANK = node('FinInstnId', [node('Othr', [leaf('Id', 'NOTPROVIDED')])])

function toCredit({ endToEndId, name, iban, amount, remittance }: Credit): string {
  assert(amount > 0n && amount <= CREDIT_MAX, 'a bank takes amounts from one cent to 11 digits')
  return node('CdtTrfTxInf', [
    node('PmtId', [leaf('EndToEndId', endToEndId)]),
    node('Amt', [`<InstdAmt Ccy="EUR">${toEuros(amount)}</InstdAmt>`]),
    node('Cdtr', [leaf('Nm', toName(name))]),
    node('CdtrAcct', [node('Id', [leaf('IBAN', iban)])]),
    node('RmtInf', [leaf('Ustrd', toSepaText(remittance, REMITTANCE_MAX))]),
  ])
}

function toName(text: string): string {
  return toSepaText(text, NAME_MAX)
}

function toEuros(cents: bigint): string {
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
}

function leaf(name: string, text: string): string {
  return `<${name}>${text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</${name}>`
}

function node(name: string, children: readonly string[]): string {
  return `<${name}>\n${children.map(indent).join('\n')}\n</${name}>`
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}

import { tellReceipt } from '@fedow/api'
import { type ReceiptFacts, type Verdict, verifyReceipt } from '@fedow/ledger'
import { command, needed } from '../command.ts'
import { readProof } from '../proof/proof-file.ts'
import { fromQrText, isQrText } from '../proof/receipt-qr.ts'
import { MEANS, readTrust, trustValues } from '../proof/trust.ts'
import { showVerdict } from '../text/verdict.ts'

export const receiptVerify = command({
  name: 'receipt verify',
  summary: 'What a receipt proves, by whose signature, and what it does not; asks nobody',
  details:
    'Reads a receipt, or the text of its QR code. Without --key it trusts the book of the data folder. Ends with 0 when it is proven, with 1 and the reason when it is not.',
  arguments: { file: needed('file', 'the receipt, or the text of its QR code') },
  options: trustValues,
  examples: [
    'receipt verify receipt.json',
    'receipt verify receipt.json --key "fedow/a5...+1c8b2f0a+AXz..." --json',
  ],
  async run({ config, screen }, { file, ...keys }) {
    const trust = readTrust(config.folder, keys)
    const text = readProof(file)
    const receipt = text !== undefined && isQrText(text) ? fromQrText(text) : text
    const verdict = receipt === undefined ? notWhole(text) : verifyReceipt(MEANS, receipt, trust)
    showVerdict(screen, verdict, tellReceipt(verdict))
  },
})

function notWhole(text: string | undefined): Verdict<ReceiptFacts> {
  const expected = text === undefined ? 'a text' : 'the whole text of a QR code'
  return { proven: false, reason: { code: 'malformed', at: 'its beginning', expected } }
}

import { type Client, getCard, getPayment, toDecimal } from '@fedow/api'
import {
  type Action,
  type Amount,
  type BearerId,
  type Evidence,
  type Hex32,
  nobleHash,
  toHex,
  toUtf8,
} from '@fedow/ledger'
import { submitSigned } from '../book/admin-tx.ts'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { issueValues, readIssueEvidence } from '../book/issue-evidence.ts'
import { readKeyFile } from '../book/key-file.ts'
import { readPayment } from '../book/payment.ts'
import { command, needed, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'
import { toReceipt } from '../text/applied.ts'
import { toPaymentText } from '../text/payments.ts'

export const issueApprove = command({
  name: 'issue approve',
  summary: 'A second keeper approves what the first issues for a large payment',
  details:
    'Signed with a key of its own, which the operator has registered: "fedow key add --network --can issue". Look at the payment yourself, at the bank or the provider. With --payment, one that waits is credited at once; otherwise say exactly what "fedow issue" will say.',
  options: {
    payment: text('payment', 'an online payment that waits; "fedow payment list" tells them'),
    ...bearerValues,
    ...issueValues,
    sign: needed('path', 'the file of the key of the second keeper'),
  },
  examples: [
    'issue approve --payment 0198f3a0-1111-7000-8000-000000000001 --sign second.pem',
    'issue approve --card 9F9984F8 --gross 3000.00 --transfer "VIR 0042" --sign second.pem --json',
  ],
  async run({ client, screen, key: id }, { payment, sign, ...values }) {
    const key = readKeyFile(sign)
    const asked =
      payment === undefined
        ? await readIssue(client, values)
        : await waiting(client, { payment, values })
    const action: Action = { kind: 'issue-approve', ...asked }
    const done = await submitSigned(client, action, { key, id })
    const approved = `Approved: ${toDecimal(asked.evidence.gross)} (${toReceipt(done)}).`
    if (payment === undefined) {
      screen.done(done, () => `${approved} Now "fedow issue" issues it.`)
      return
    }
    const after = await client.call(getPayment, { params: { payment: readPayment(payment) } })
    screen.done({ ...done, payment: after }, () => `${approved}\n${toPaymentText(after)}`)
  },
})

/** What is approved: the members of the issue. */
interface Asked {
  readonly to: BearerId
  readonly evidence: Evidence
}

type Values = Parameters<typeof readBearer>[0] & Parameters<typeof readIssueEvidence>[0]

async function readIssue(client: Client, values: Values): Promise<Asked> {
  const bearer = readBearer(values)
  const { account, reference, ...amounts } = readIssueEvidence(values)
  const to =
    'wallet' in bearer
      ? bearer
      : { card: (await client.call(getCard, { params: { card: bearer.card } })).card }
  const sha = toHex(nobleHash(toUtf8(reference))) as Hex32
  return { to, evidence: { account, reference: sha, ...toAmounts(amounts) } }
}

/** What the node would issue for a payment that waits. Throws Misuse, Refused. */
async function waiting(
  client: Client,
  { payment: text, values }: { readonly payment: string; readonly values: Partial<Values> },
): Promise<Asked> {
  if (Object.values(values).some((value) => value !== undefined)) {
    throw new Misuse('--payment says it all: leave the rest out. Nothing was sent.')
  }
  const payment = await client.call(getPayment, { params: { payment: readPayment(text) } })
  const issue = payment.operator?.issue
  if (issue === undefined) {
    const state = payment.problem === undefined ? '' : ` ${payment.problem.sentence}`
    throw new Refused(
      `This payment does not wait for a second keeper: it is ${payment.state}.${state} Nothing was sent.`,
    )
  }
  const { card, wallet, account, reference, ...amounts } = issue
  const to = card !== undefined ? { card } : wallet !== undefined ? { wallet } : undefined
  if (to === undefined) throw new Refused('Nobody is left to credit. Nothing was sent.')
  const sha = reference as Hex32
  return { to, evidence: { account, reference: sha, ...toAmounts(amounts) } }
}

function toAmounts({ gross, fee, net }: Record<'gross' | 'fee' | 'net', number>) {
  const amountOf = (cents: number) => BigInt(cents) as Amount
  return { gross: amountOf(gross), fee: amountOf(fee), net: amountOf(net) }
}

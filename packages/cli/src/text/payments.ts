import { type AnswerOf, type listPayments, OFF_SENTENCES, toDecimal } from '@fedow/api'
import { toTable } from './table.ts'

type Payments = AnswerOf<typeof listPayments>
type Payment = Payments['payments'][number]

/** How the payments of a node stand: a few lines. */
export function toPaymentsStanding({ provider, off, ...counts }: Payments['status']): string[] {
  const { waiting, owed, owedAmount, oldestPaid } = counts
  const what =
    off === undefined
      ? provider === 'sandbox'
        ? 'by the sandbox: no real money'
        : `by ${provider ?? 'nobody'}`
      : `off. ${OFF_SENTENCES[off] ?? off}`
  const since = oldestPaid === undefined ? '' : `, the oldest since ${oldestPaid}`
  const rest = `${waiting} waiting; ${owed} paid and not credited (${toDecimal(owedAmount)}${since})`
  const { awaitingKeeper, awaitingDay } = counts
  return [
    `Online refills: ${what}`,
    `  ${rest}`,
    ...(awaitingKeeper === 0
      ? []
      : [`  ${awaitingKeeper} received, waiting for a second keeper: "fedow issue approve"`]),
    ...(awaitingDay === 0
      ? []
      : [`  ${awaitingDay} received, being credited tomorrow: the limit of the day is reached`]),
  ]
}

/** Payments in a table. */
export function toPaymentTable(payments: readonly Payment[]): string {
  const rows = payments.map(({ payment, state, amount, created, kind, problem }) => [
    payment,
    state,
    amount === undefined ? 'open amount' : toDecimal(amount),
    kind,
    created,
    problem?.code ?? '',
  ])
  return toTable(rows)
}

/** One payment, with what stands in its way. */
export function toPaymentText(one: Payment): string {
  const { payment, state, kind, sandbox, amount, created, paid, url, tx, problem, operator } = one
  const { fee, net, paymentReference, reference, wallet, next, tries = 0 } = operator ?? {}
  const { atReader } = one
  const rows = [
    ['payment', payment],
    ['state', state],
    ['kind', sandbox ? `${kind}, of the sandbox: no real money` : kind],
    ['amount', amount === undefined ? 'the payer chooses' : toDecimal(amount)],
    ...(atReader === undefined ? [] : [['terminal', toAsks(atReader)]]),
    ['created', created],
    ...(paid === undefined ? [] : [['paid', paid]]),
    ...(fee === undefined ? [] : [['fee', `${toDecimal(fee)}, ${toDecimal(net ?? 0)} left`]]),
    ...(wallet === undefined ? [] : [['wallet', wallet]]),
    ...(reference === undefined ? [] : [['reference', reference]]),
    ...(paymentReference === undefined ? [] : [['evidence', paymentReference]]),
    ...(tx === undefined ? [] : [['tx', tx]]),
    ...(url === undefined ? [] : [['page', url]]),
    ...(problem === undefined ? [] : [['problem', problem.sentence]]),
    ...(next === undefined ? [] : [['looked at', `${tries} times; again at ${next}`]]),
  ]
  return toTable(rows)
}

function toAsks({ reader, asks, cancelled }: NonNullable<Payment['atReader']>): string {
  const times = asks === 1 ? 'asked once' : `asked ${asks} times`
  return `${reader}, ${times}${cancelled === undefined ? '' : `, given up at ${cancelled}`}`
}

/** A payment at a terminal after a till has asked for something: what it is, and what to do. */
export function toTerminalText(one: Payment): string {
  const { payment, state, amount = 0, atReader, problem, url, sandbox } = one
  const sum = toDecimal(amount)
  const page = url === undefined ? '' : `\nPresent a card at ${url}`
  const note = sandbox ? '\nThis is the sandbox: no real money moves.' : ''
  const then = `\nThen: fedow payment show ${payment}`
  if (state === 'credited') return `${sum} was paid and is credited.`
  if (state === 'paid') return `${sum} was paid, and is being credited.${then}`
  if (state === 'failed' || state === 'expired') {
    return problem?.sentence ?? 'It is over. Nothing was paid.'
  }
  if (problem !== undefined) return `${problem.sentence}${then}`
  return `The terminal ${atReader?.reader ?? ''} asks for ${sum}.${page}${then}${note}`
}

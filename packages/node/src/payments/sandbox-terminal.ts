/** The terminal of the sandbox: one reader, whose page is where a visitor presents a bank card, or does not. */
import type { SandboxOrder, SandboxOrders } from '../store/sandbox-orders.ts'
import { ProviderError, ReaderError } from './provider.ts'
import type { Presented, Reader } from './provider-terminal.ts'

export const SANDBOX_READER = 'sandbox-reader'

/** References of what is paid at the reader; anything else is paid on a page. */
const INTENT = 'sandbox_intent_'

export function isAtTerminal({ reference }: Pick<SandboxOrder, 'reference'>): boolean {
  return reference.startsWith(INTENT)
}

/** What the reader is, and does. */
export function sandboxReader(orders: SandboxOrders, origin: string): Reader {
  const action = orders.action()
  const failure = action?.failure as 'declined' | 'timed_out' | undefined
  return {
    ...{ id: SANDBOX_READER, label: 'Sandbox', isOnline: true, place: undefined },
    action: action && { ...action, failure },
    url: `${origin}/sandbox/reader`,
  }
}

export function demandReader(reader: string): void {
  if (reader !== SANDBOX_READER) throw new ProviderError('unknown', `no sandbox reader ${reader}`)
}

export function pushOrder(orders: SandboxOrders, { reference, reader }: Presented): void {
  demandReader(reader)
  if (orders.find(reference)?.state !== 'open') {
    throw new ProviderError('refused', `${reference} cannot be paid any more`)
  }
  const now = orders.action()
  if (now?.state === 'waiting' && now.reference !== reference) {
    throw new ReaderError('busy', 'the sandbox reader asks for another payment')
  }
  orders.setAction({ reference, state: 'waiting', failure: undefined })
}

export function cancelOrder(orders: SandboxOrders, reference: string): void {
  if (orders.action()?.reference === reference) orders.setAction(undefined)
  const order = orders.find(reference)
  if (order?.state === 'open') orders.put({ ...order, state: 'failed' })
}

/** Whether a card can be presented for an order now. */
export function isWaitedFor(orders: SandboxOrders, { reference }: SandboxOrder): boolean {
  const action = orders.action()
  return action?.state === 'waiting' && action.reference === reference
}

/** The reader has met a card, or nobody. */
export function endAction(
  orders: SandboxOrders,
  reference: string,
  failure: 'declined' | 'timed_out' | undefined,
): void {
  orders.setAction({ reference, state: failure === undefined ? 'done' : 'failed', failure })
}

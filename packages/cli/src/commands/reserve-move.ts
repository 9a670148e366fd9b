import { moveReserve } from '@fedow/api'
import { MOVE_REASONS } from '@fedow/ledger'
import { readChoices } from '../book/choice.ts'
import { readPositive } from '../book/price.ts'
import { readReserveAccount } from '../book/reserve-account.ts'
import { command, needed } from '../command.ts'
import { Misuse } from '../failure.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const reserveMove = command({
  name: 'reserve move',
  summary: 'The keeper books euros that went from one account of the reserve to another',
  details:
    'Signed with the keeper’s key of the data folder. A fee or a dispute goes to due-from-keeper, a settlement comes from there.',
  options: {
    from: needed('account', 'bank/main, provider/stripe, transit/cash or due-from-keeper'),
    to: needed('account', 'the same'),
    amount: needed('amount', 'in euros'),
    why: needed('reason', `one of ${MOVE_REASONS.join(', ')}`),
    reference: needed('text', 'what shows it; the book keeps its SHA-256, and takes each once'),
  },
  examples: [
    'reserve move --from provider/stripe --to bank/main --amount 1200.00 --why payout --reference po_1Q',
    'reserve move --from due-from-keeper --to bank/main --amount 12.40 --why settlement --reference "VIR 0051" --json',
  ],
  async run({ send, screen }, { reference, ...values }) {
    const [why, ...more] = readChoices([values.why], { of: MOVE_REASONS, what: 'reason' })
    if (why === undefined || more.length > 0) {
      throw new Misuse('--why is one reason. Nothing was sent.')
    }
    const from = readReserveAccount(values.from)
    const to = readReserveAccount(values.to)
    const body = { from, to, amount: readPositive(values.amount), reference, why }
    const done = await send(moveReserve, { body })
    screen.done(done, () => `Moved ${toMoved(done)} from ${from} to ${to} (${toReceipt(done)}).`)
  },
})

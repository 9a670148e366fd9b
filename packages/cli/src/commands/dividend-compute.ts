import { toDecimal } from '@fedow/api'
import { dividendValue, nextUd } from '@fedow/ledger'
import { readFigures, readTerms, termValues } from '../book/dividend.ts'
import { command, needed, text } from '../command.ts'

export const dividendCompute = command({
  name: 'dividend compute',
  summary: 'Re-evaluate a dividend from figures, by the very rule of the book: it needs none',
  details:
    'g1-v1 reads the mass at the re-evaluation before; g1-v2 the mass now. With a base, the dividend counts in tens (1), hundreds (2), and so on.',
  options: {
    profile: needed('profile', 'g1-v1 or g1-v2'),
    ud: needed('amount', 'the dividend until now, such as 10.07'),
    mass: needed('amount', 'the mass that the formula reads'),
    members: needed('number', 'how many members there are now'),
    base: text('number', 'g1-v1: the base until now; 0 unless given'),
    ...termValues,
  },
  examples: [
    'dividend compute --profile g1-v1 --ud 10.07 --mass 4500000.00 --members 2400',
    'dividend compute --profile g1-v2 --ud 10.00 --mass 90.00 --members 3 --growth 0.1 --period 6h --reeval 24h',
  ],
  async run({ screen }, { profile, ...values }) {
    const terms = readTerms(profile, values)
    const next = nextUd(terms, readFigures(values))
    const value = dividendValue(next)
    const answer = { ud: Number(next.ud), unitBase: next.unitBase, value: Number(value) }
    const base = next.unitBase === 0 ? '' : ` (${toDecimal(next.ud)} in base ${next.unitBase})`
    screen.answer(answer, () => `The dividend is ${toDecimal(value)}${base} from now on.`)
  },
})

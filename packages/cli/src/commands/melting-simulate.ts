import { postSimulation, toDemurrageText } from '@fedow/api'
import { BEHAVIOURS, CANDIDATES_MAX, RESAMPLES_USUAL } from '@fedow/ledger'
import { readPpm, readTerms, termOptions } from '../book/melt-terms.ts'
import { assetNamed } from '../book/named.ts'
import { command, flag, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { writeProof } from '../proof/proof-file.ts'
import { parseAmount } from '../text/amount.ts'
import { readSimulation, simulationText } from '../text/simulation.ts'

export const meltingSimulate = command({
  name: 'melting simulate',
  summary: 'What melting by other terms would bring in, from whom, and how sure that is',
  details:
    'On the accounts as of the last sealed block; nothing changes. Terms begin 90 days later, as if they were announced now. asleep: nobody makes a gesture any more, so it is the most that the money of today can bring; as-last-year: everybody comes on the days of the year before. --out keeps the answer with the accounts, without names, so that fedow melting check repeats it anywhere: do not publish that file. How it is counted: docs/spec/simulation.md.',
  arguments: { asset: needed('asset', 'its name, code or id') },
  options: {
    ...termOptions,
    asItIs: flag('also what the terms in force would do'),
    years: text('number', 'how many years, 1 to 10; 3 if absent'),
    behaviour: text('behaviour', 'asleep (if absent) or as-last-year'),
    seed: text('number', 'what the draws by lot begin with; 1 if absent'),
    resamples: text('number', `how many times wallets are drawn; ${RESAMPLES_USUAL} if absent`),
    fees: text('fees', 'what a card processor takes of a payment; 1.4%+0.10 if absent'),
    out: text('file', 'where to keep the answer with the accounts'),
  },
  examples: [
    'melting simulate Peaksu --grace 180,365 --rate 1%,2% --years 3 --seed 7',
    'melting simulate PKS --fixed 1.00 --grace 425 --behaviour as-last-year --out simulation.json',
  ],
  async run({ client, screen }, { asset, out, ...typed }) {
    const found = await assetNamed(client, asset)
    const terms = readTerms(typed, found)
    const candidates = [
      ...(typed.asItIs ? [{}] : []),
      ...terms.map((demurrage) => ({ demurrage: toDemurrageText(demurrage) })),
    ]
    if (candidates.length === 0 || candidates.length > CANDIDATES_MAX) {
      throw new Misuse(
        `These are ${candidates.length} terms; 1 to ${CANDIDATES_MAX} can be simulated at a time. Give --rate or --fixed, and shorter lists. Nothing was asked.`,
      )
    }
    const body = {
      candidates,
      ...{ years: readNumber(typed.years, 3), seed: readNumber(typed.seed, 1) },
      resamples: readNumber(typed.resamples, RESAMPLES_USUAL),
      behaviour: readBehaviour(typed.behaviour),
      ...(typed.fees !== undefined && { fees: readFees(typed.fees) }),
      withAccounts: out !== undefined,
    }
    const answer = await client.call(postSimulation, { params: { asset: found.id }, body })
    if (out !== undefined) screen.note(`Kept with its accounts in ${writeProof(out, answer).file}.`)
    const simulation = readSimulation(answer)
    screen.answer(simulation, () => simulationText(simulation, found))
  },
})

function readNumber(typed: string | undefined, usual: number): number {
  if (typed === undefined) return usual
  if (/^\d{1,15}$/.test(typed)) return Number(typed)
  throw new Misuse(`"${typed}" is not a whole number. Nothing was asked.`)
}

function readBehaviour(typed = 'asleep') {
  const behaviour = BEHAVIOURS.find((one) => one.replaceAll('_', '-') === typed)
  if (behaviour !== undefined) return behaviour
  throw new Misuse(`"${typed}" is neither asleep nor as-last-year. Nothing was asked.`)
}

function readFees(typed: string): { readonly ppm: number; readonly fixed: number } {
  const [rate = '', fixed = '0'] = typed.split('+')
  return { ppm: readPpm(rate.trim()), fixed: Number(parseAmount(fixed.trim())) }
}

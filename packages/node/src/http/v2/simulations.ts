import { postSimulation } from '@fedow/api'
import {
  type AssetKind,
  demandLawful,
  FEES_USUAL,
  lawOf,
  Malformed,
  RESAMPLES_USUAL,
  refuse,
  type SimulationQuestion,
  simulationQuestion,
} from '@fedow/ledger'
import { toTerms } from '../../gateway/terms.ts'
import { FiguresBusyError } from '../../store/figures-reader.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serveFile } from '../serve.ts'

export function simulationRoutes(http: Http): void {
  const { book, simulations } = http.parts
  serveFile(http, postSimulation, async ({ params, body }) => {
    const { asset } = params
    const { withAccounts = false, resamples = RESAMPLES_USUAL, fees, ...asked } = body
    const candidates = asked.candidates.map(toTerms)
    const record = book.state.get('asset', asset)
    if (record === undefined || record.kind === 'EUR')
      return refuse({ code: 'asset_not_found', asset })
    const question = readQuestion({
      ...asked,
      candidates,
      resamples,
      fees: fees ?? toPlain(FEES_USUAL),
    })
    const law = lawOf(book.state)
    for (const { demurrage } of question.candidates) {
      demandLawful(record.kind as AssetKind, demurrage, law)
    }
    if (book.lastSealed() === undefined) throw new RequestError({ code: 'not_sealed_yet' })
    try {
      return { file: await simulations.ask({ asset, question, withAccounts }) }
    } catch (cause) {
      if (cause instanceof FiguresBusyError) throw new RequestError({ code: 'figures_busy' })
      throw cause
    }
  })
}

function toPlain({ ppm, fixed }: SimulationQuestion['fees']) {
  return { ppm, fixed: Number(fixed) }
}

/** As the ledger reads it: the schema of the route asks for the same. */
function readQuestion(asked: unknown): SimulationQuestion {
  try {
    return simulationQuestion(asked, '')
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    const where = cause.path.replaceAll('.', '/')
    throw new RequestError({ code: 'invalid_request', where, expected: cause.expected })
  }
}

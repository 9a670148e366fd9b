import {
  type BodyOf,
  CARD_FILE_MAX,
  type CardImportReport,
  importCards,
  type QueryOf,
  type Static,
} from '@fedow/api'
import { type CardLevel, refuse } from '@fedow/ledger'
import { demandOnPlace } from '../../gateway/caller.ts'
import type { CardImportResult, CardPlan } from '../../people/card-import.ts'
import type { CardFileOrder, Http } from '../parts.ts'
import { RejectedError, RequestError } from '../problem-error.ts'
import { optionsOf } from '../serve.ts'

type Body = BodyOf<typeof importCards>
type Query = QueryOf<typeof importCards>
type Report = Static<typeof CardImportReport>

export function cardImportRoutes({ scope, parts }: Http): void {
  const { book, cardImports } = parts
  scope.register(async (inner) => {
    inner.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_, body, done) =>
      done(null, body),
    )
    inner.route({
      ...optionsOf(importCards),
      bodyLimit: CARD_FILE_MAX,
      onRequest: async (request) => {
        request.caller = scope.callerOf(request)
      },
      handler: async ({ body, query, caller }): Promise<Report> => {
        const { apply, ...order } = toOrder(body as Body | Buffer, query as Query)
        demandOnPlace(caller ?? { kind: 'public' }, order.place, 'cards')
        const { place } = order
        if (book.state.get('place', place) === undefined) refuse({ code: 'place_not_found', place })
        const plan = cardImports.plan(order)
        const result = apply && plan.rows.length > 0 ? await cardImports.apply(plan) : undefined
        return toReport(plan, result)
      },
    })
  })
}

function toOrder(body: Body | Buffer, query: Query): CardFileOrder & { readonly apply: boolean } {
  const isFile = Buffer.isBuffer(body)
  const { place, generation, level, apply, skipFaulty, fileName } = isFile ? query : body
  if (place === undefined) throw missing('place')
  if (generation === undefined) throw missing('generation')
  return {
    bytes: isFile ? body : fromBase64(body.file),
    place,
    generation,
    level: level ?? ('L0' satisfies CardLevel),
    skipFaulty: skipFaulty === true,
    apply: apply === true,
    ...(fileName !== undefined && { fileName }),
  }
}

function missing(name: string): RequestError {
  return new RequestError({
    code: 'invalid_request',
    where: `querystring/${name}`,
    expected: 'a value',
  })
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new RequestError({ code: 'invalid_request', where: '/file', expected: 'base64' })
  }
}

function toReport(plan: CardPlan, result: CardImportResult | undefined): Report {
  const { rows, faults, notes, skipped } = plan
  if (result?.status === 'rejected') throw new RejectedError(result.rejection, undefined)
  if (result?.status === 'refused' || result?.status === 'interrupted') throw toError(result)
  return {
    rows: rows.length,
    faults: faults.map(({ line, column, code, value, message }) => ({
      line,
      column,
      code,
      value,
      message,
    })),
    notes: notes.map(({ line, code, value, message }) => ({ line, code, value, message })),
    skipped: skipped.length,
    ...(result && { batch: result.batch, registered: result.registered }),
  }
}

function toError(
  result: Extract<CardImportResult, { status: 'refused' | 'interrupted' }>,
): RequestError {
  if (result.status === 'interrupted') {
    const { registered, count } = result
    return new RequestError({ code: 'import_interrupted', registered, count })
  }
  const { code, detail } = result
  if (code === 'malformed') return new RequestError({ code, where: '$', expected: detail })
  return new RequestError({ code })
}

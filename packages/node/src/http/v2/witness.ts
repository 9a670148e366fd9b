import {
  type AskedWitnessView,
  addCheckpoint,
  askWitness,
  getWitness,
  type Static,
  unaskWitness,
  unwatchLog,
  type WatchedLogView,
  WITNESS_PROBLEMS,
  type WitnessProblems,
  type WitnessView,
  watchLog,
} from '@fedow/api'
import type { Witness, WitnessProblem } from '../../store/witness-store.ts'
import type { WitnessAnswer } from '../../witness/cosigner.ts'
import type { LogView, WitnessDesk, WitnessFault } from '../../witness/desk.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { asIs, optionsOf, serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'

/** Largest submission in bytes: a note of 64 KiB, and 63 hashes before it. */
const SUBMISSION_MAX = 69_632
const SIZE_TYPE = 'text/x.tlog.size'

export function witnessRoutes(http: Http): void {
  const { witness: desk } = http.parts
  submissionRoute(http)

  serve(http, getWitness, () => witnessView(desk))

  serve(http, watchLog, ({ body }) => viewUnless(desk, desk.watch(body.key)))

  serve(http, unwatchLog, ({ params }) => viewUnless(desk, desk.unwatch(params.name)))

  serve(http, askWitness, async ({ body: { url, key } }) =>
    viewUnless(desk, await desk.ask(url, key)),
  )

  serve(http, unaskWitness, async ({ params }) => viewUnless(desk, await desk.unask(params.name)))
}

/** Logs name no media type, or any: the body is a text whatever they say. */
function submissionRoute({ scope, parts }: Http): void {
  scope.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    const { response: _, ...schema } = optionsOf(addCheckpoint).schema as Record<string, unknown>
    inner.route({
      ...optionsOf(addCheckpoint),
      schema,
      bodyLimit: SUBMISSION_MAX,
      handler: async ({ body }, reply) => {
        const answer = parts.witness.add(Buffer.isBuffer(body) ? body : new Uint8Array())
        const { type, text } = toText(answer)
        return reply.code(answer.status).type(type).serializer(asIs).send(text)
      },
    })
  })
}

function toText(answer: WitnessAnswer): { readonly type: string; readonly text: string } {
  // Programs compare this type as it stands: no charset may follow.
  if ('size' in answer) return { type: SIZE_TYPE, text: `${answer.size}\n` }
  const text = 'lines' in answer ? answer.lines : `${answer.why}\n`
  return { type: 'text/plain; charset=utf-8', text }
}

function viewUnless(
  desk: WitnessDesk,
  fault: WitnessFault | undefined,
): Static<typeof WitnessView> {
  if (fault !== undefined) throw toError(fault)
  return witnessView(desk)
}

const UNREADABLE = {
  not_a_log_key: { where: '/key', expected: 'the key of a log, such as fedow/...+...+AQ...' },
  not_a_witness_key: {
    where: '/key',
    expected: 'the key of a witness, such as fedow-witness/...+...+BA...',
  },
  own_key: { where: '/key', expected: 'the key of another node: a node is no witness of itself' },
  bad_url: {
    where: '/url',
    expected: 'an address that begins with http:// or https://, and has no name, query or fragment',
  },
} as const

function toError(fault: WitnessFault): RequestError {
  switch (fault.code) {
    case 'not_a_log_key':
    case 'not_a_witness_key':
    case 'own_key':
    case 'bad_url':
      return new RequestError({ code: 'invalid_request', ...UNREADABLE[fault.code] })
    default:
      return new RequestError(fault)
  }
}

function witnessView(desk: WitnessDesk): Static<typeof WitnessView> {
  return {
    key: desk.vkey,
    log: desk.logVkey,
    watched: desk.watched().map(logView),
    asked: desk.asked().map(askedView),
  }
}

function logView({ origin, vkey, seen, refused }: LogView): Static<typeof WatchedLogView> {
  return {
    origin,
    key: vkey,
    ...(seen && {
      cosigned: { size: seen.size, time: toIsoMs(seen.timeS * 1_000), checkpoint: seen.note },
    }),
    refused: refused.map(({ timeMs, ...rest }) => ({ ...rest, time: toIsoMs(timeMs) })),
  }
}

/** A witness that is asked, as the operator sees it. */
export function askedView(witness: Witness): Static<typeof AskedWitnessView> {
  const { key, vkey, url, size, cosigned, problem, triedMs } = witness
  return {
    name: key.name,
    key: vkey,
    url,
    size,
    ...(cosigned && {
      cosigned: { height: cosigned.height, time: toIsoMs(cosigned.timeS * 1_000) },
    }),
    ...(triedMs !== undefined && { tried: toIsoMs(triedMs) }),
    ...(problem && { problem: { ...tell(problem), since: toIsoMs(problem.sinceMs) } }),
  }
}

function tell<C extends WitnessProblem['code']>(found: { readonly code: C } & WitnessProblems[C]) {
  const { title, detail, fix } = WITNESS_PROBLEMS[found.code]
  return { code: found.code, title, detail: detail(found, asIs), fix }
}

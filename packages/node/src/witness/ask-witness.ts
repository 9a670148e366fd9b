/** One request to a witness, and what its answer means. */
import {
  checkSignatures,
  keyId,
  Malformed,
  type Means,
  parseDecimal,
  parseNote,
  toHex,
  type VerifierKey,
} from '@fedow/ledger'
import type { WitnessProblem } from '../store/witness-store.ts'
import { encodeSubmission, type Submission } from './submission.ts'

/** Longest answer that is read, in bytes. */
const ANSWER_MAX = 16_384
const TIMEOUT_MS = 10_000
/** How much of an odd answer is kept. */
const SHOWN_MAX = 200
/** What a witness answers when the submission names another size than it has seen. */
export const SIZE_TYPE = 'text/x.tlog.size'

/** What came of a request: a co-signature that holds, the size that the witness has seen, or a problem. */
export type Asked =
  | { readonly kind: 'cosigned'; readonly timeS: number; readonly signature: Uint8Array }
  | { readonly kind: 'seen'; readonly size: number }
  | { readonly kind: 'problem'; readonly problem: WitnessProblem }

export interface AskMeans extends Means {
  readonly fetch: typeof fetch
  /** Ends a request that is under way. */
  readonly stop: AbortSignal
}

export interface Request {
  /** The submission prefix of the witness. */
  readonly url: string
  readonly key: VerifierKey
  readonly submission: Submission
  /** Leaves of the checkpoint that is submitted. */
  readonly size: number
}

/** Submits a checkpoint to a witness. Never throws for what an answer says, or for none. */
export async function askWitness(means: AskMeans, request: Request): Promise<Asked> {
  const answer = await submit(means, request)
  return 'problem' in answer ? answer : toAsked(means, request, answer)
}

async function submit(
  { fetch, stop }: AskMeans,
  { url, submission }: Request,
): Promise<Answer | Extract<Asked, { readonly kind: 'problem' }>> {
  try {
    const response = await fetch(`${url}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: encodeSubmission(submission),
      // An operator named this address: no answer sends a node elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    return { response, text: await readAnswer(response) }
  } catch (cause) {
    return { kind: 'problem', problem: { code: 'unreachable', why: toReason(cause) } }
  }
}

/** Such as `ECONNREFUSED`. What fetch throws is the outermost of several errors. */
function toReason(cause: unknown): string {
  const { name, message, cause: inner } = cause as Error
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1_000} seconds`
  const { code } = (inner ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : toShown(inner instanceof Error ? inner.message : message)
}

/** What a stranger wrote, fit for a terminal. */
function toShown(text: string): string {
  return text
    .slice(0, SHOWN_MAX)
    .replace(/[^ -~]+/g, ' ')
    .trim()
}

interface Answer {
  readonly response: Response
  /** `undefined` when it is too long. */
  readonly text: string | undefined
}

async function readAnswer(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > ANSWER_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function toAsked(means: Means, request: Request, { response, text }: Answer): Asked {
  const { status, headers } = response
  const odd = (why: string): WitnessProblem => ({ code: 'odd_answer', status, why })
  if (text === undefined) return problem(odd(`more than ${ANSWER_MAX} bytes`))
  switch (status) {
    case 200:
      return readCosignature(means, request, text) ?? problem({ code: 'cosignature_invalid' })
    case 403:
      return problem({ code: 'signature_refused' })
    case 404:
      return problem({ code: 'log_unknown' })
    case 409: {
      const [type] = (headers.get('content-type') ?? '').split(';')
      const seen = type?.trim() === SIZE_TYPE ? parseDecimal(text.trimEnd()) : undefined
      if (seen !== undefined) return { kind: 'seen', size: seen }
      return problem(toRefusal(request, 'same size') ?? odd(toShown(text)))
    }
    case 422:
      return problem(toRefusal(request) ?? odd(toShown(text)))
    default:
      return problem(
        status >= 300 && status < 400 ? { code: 'redirected', status } : odd(toShown(text)),
      )
  }
}

/** Witnesses differ in the status for another root of the same size. */
function toRefusal(
  { submission: { old }, size }: Request,
  when?: 'same size',
): WitnessProblem | undefined {
  if (old === size) return { code: 'conflict', size }
  // Every history begins with nothing: whoever refuses that has not looked.
  if (old === 0 || when === 'same size') return undefined
  return { code: 'inconsistent', size: old, ours: size }
}

function problem(found: WitnessProblem): Asked {
  return { kind: 'problem', problem: found }
}

/** The witness's own co-signature among the lines of an answer, if it holds over the submitted text. */
function readCosignature(
  means: Means,
  { key, submission }: Request,
  lines: string,
): Asked | undefined {
  const submitted = parseNote(submission.note)
  const answered = parseNote(`-\n\n${lines}`)
  if (submitted instanceof Malformed || answered instanceof Malformed) return undefined
  const id = toHex(keyId(means.hash, key))
  const own = answered.signatures.filter((one) => one.name === key.name && toHex(one.id) === id)
  const [line] = own
  const [checked] = checkSignatures(means, { text: submitted.text, signatures: own }, [key])
  if (line === undefined || !checked?.isValid || checked.timeS === undefined) return undefined
  return { kind: 'cosigned', timeS: checked.timeS, signature: line.bytes.slice(8) }
}

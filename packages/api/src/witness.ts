/** Witnesses: this node as one, and those that it asks. Source: c2sp.org/tlog-witness, c2sp.org/tlog-cosignature. */
import Type from 'typebox'
import { idParams, PREFIX, type Route } from './route.ts'
import { Count, closed, named, oneOf, ref, Time } from './schema.ts'

/** The submission prefix of a node as a witness, after its origin. */
export const WITNESS_PREFIX = `${PREFIX}/witness`

const NAME_MAX = 300

const VerifierKeyText = Type.String({
  minLength: 1,
  maxLength: NAME_MAX,
  description: 'A key of a log or witness: <name>+<id in hex>+<base64 of type and key>.',
})

const Note = Type.String({ description: 'A signed note.' })

/** A log that this node co-signs for. */
export const WatchedLogView = named(
  'WatchedLog',
  closed({
    origin: Type.String(),
    key: VerifierKeyText,
    cosigned: Type.Optional(
      closed(
        { size: Count, time: Time, checkpoint: Note },
        { description: 'The latest checkpoint that was co-signed, as the log signed it.' },
      ),
    ),
    refused: Type.Array(
      closed({
        kind: oneOf(
          ['conflict', 'unproven'],
          'conflict: of the size that was co-signed, with another root; both notes together prove two histories. unproven: larger, without a proof that leads to it; anyone may have sent it.',
        ),
        time: Time,
        cosigned: Note,
        refused: Note,
      }),
      { description: 'Checkpoints with the signature of the log that were not co-signed.' },
    ),
  }),
)

/** A witness that this node asks. */
export const AskedWitnessView = named(
  'AskedWitness',
  closed({
    name: Type.String(),
    key: VerifierKeyText,
    url: Type.String({ description: 'Its submission prefix.' }),
    size: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Leaves of our history that it is known to have seen.',
    }),
    cosigned: Type.Optional(closed({ height: Count, time: Time })),
    tried: Type.Optional(Time),
    problem: Type.Optional(
      closed({
        code: Type.String(),
        since: Time,
        title: Type.String(),
        detail: Type.String(),
        fix: Type.String(),
      }),
    ),
  }),
)

/** This node among witnesses. */
export const WitnessView = named(
  'Witness',
  closed({
    key: Type.String({ description: 'What others know this node by as a witness.' }),
    log: Type.String({ description: 'What others know the checkpoints of this book by.' }),
    watched: Type.Array(ref(WatchedLogView)),
    asked: Type.Array(ref(AskedWitnessView)),
  }),
)

/** A checkpoint for co-signing. */
export const addCheckpoint = {
  method: 'POST',
  url: `${WITNESS_PREFIX}/add-checkpoint`,
  access: 'public',
  makesTx: false,
  problems: [413],
  texts: [400, 403, 404, 409, 422],
  produces: 'text/plain',
  schema: {
    operationId: 'addCheckpoint',
    summary: 'Submit a checkpoint of a watched log, with its consistency proof, to be co-signed',
    description:
      'As c2sp.org/tlog-witness says: the body is "old" and the size that this witness has seen, up to 63 lines of proof, an empty line, and the signed note. The answer has a signature line, and is durable. 409 with text/x.tlog.size has the size that was seen.',
    tags: ['witness'],
    consumes: ['text/plain'],
    body: Type.String(),
    response: { 200: Type.String() },
  },
} as const satisfies Route

const toOperator = { access: 'operator', makesTx: false } as const

/** Keys and witnesses of this node. */
export const getWitness = {
  ...toOperator,
  method: 'GET',
  url: WITNESS_PREFIX,
  problems: [403],
  schema: {
    operationId: 'getWitness',
    summary: 'This node as a witness, the logs that it watches, the witnesses that it asks',
    tags: ['witness'],
    response: { 200: ref(WitnessView) },
  },
} as const satisfies Route

/** Co-signs for a log from now on. */
export const watchLog = {
  ...toOperator,
  method: 'POST',
  url: `${WITNESS_PREFIX}/logs`,
  problems: [403, 409, 415],
  schema: {
    operationId: 'watchLog',
    summary: 'Co-sign checkpoints of a log from now on',
    description: 'A log that was watched before is taken up from the last checkpoint co-signed.',
    tags: ['witness'],
    body: closed({ key: VerifierKeyText }),
    response: { 200: ref(WitnessView) },
  },
} as const satisfies Route

const nameParams = idParams({
  name: Type.String({ minLength: 1, maxLength: NAME_MAX, description: 'Its name, or its key.' }),
})

/** Co-signs no more for a log. */
export const unwatchLog = {
  ...toOperator,
  method: 'DELETE',
  url: `${WITNESS_PREFIX}/logs/:name`,
  problems: [403, 404],
  schema: {
    operationId: 'unwatchLog',
    summary: 'Co-sign no more for a log; what was co-signed stays known',
    tags: ['witness'],
    params: nameParams,
    response: { 200: ref(WitnessView) },
  },
} as const satisfies Route

/** Asks a witness from now on. */
export const askWitness = {
  ...toOperator,
  method: 'POST',
  url: `${WITNESS_PREFIX}/witnesses`,
  problems: [403, 409, 415],
  schema: {
    operationId: 'askWitness',
    summary: 'Have a witness co-sign the checkpoints of this node from now on',
    tags: ['witness'],
    body: closed({
      url: Type.String({
        minLength: 1,
        maxLength: 2_000,
        description: 'Its submission prefix: http or https.',
      }),
      key: VerifierKeyText,
    }),
    response: { 200: ref(WitnessView) },
  },
} as const satisfies Route

/** Asks a witness no more. */
export const unaskWitness = {
  ...toOperator,
  method: 'DELETE',
  url: `${WITNESS_PREFIX}/witnesses/:name`,
  problems: [403, 404],
  schema: {
    operationId: 'unaskWitness',
    summary: 'Ask a witness no more; its co-signatures stay',
    tags: ['witness'],
    params: nameParams,
    response: { 200: ref(WitnessView) },
  },
} as const satisfies Route

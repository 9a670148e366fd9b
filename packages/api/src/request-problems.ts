/** Problems of requests: what is refused before the order, or could not be answered. One entry a code. */
import { PAYMENT_PROBLEMS, type PaymentProblems } from './payment-problems.ts'
import type { Sentence } from './sentence.ts'
import { VENUE_PROBLEMS, type VenueProblems } from './venue-problems.ts'

/** What each problem of a request carries beside its code. */
export interface RequestProblems extends PaymentProblems, VenueProblems {
  malformed: { readonly where: string; readonly expected: string }
  wrong_chain: object
  unknown_key: object
  bad_signature: object
  expired: object
  not_after_too_far: object
  id_used: object
  queue_full: object
  stopping: object
  clock_jumped: object
  outcome_unknown: object
  malformed_json: { readonly why: string }
  invalid_request: { readonly where: string; readonly expected: string }
  idempotency_key_missing: object
  idempotency_key_reused: object
  route_not_found: { readonly method: string; readonly path: string }
  method_not_allowed: { readonly method: string; readonly allowed: string }
  unsupported_media_type: { readonly expected: string }
  body_too_large: { readonly max: number }
  credential_missing: object
  credential_refused: object
  operator_only: object
  capability_missing: { readonly can: string }
  place_out_of_reach: { readonly place: string }
  wallet_out_of_reach: { readonly wallet: string }
  line_out_of_reach: object
  receipt_out_of_reach: { readonly tx: string }
  role_missing: { readonly can: string }
  card_unknown: object
  cards_known: object
  import_interrupted: { readonly registered: number; readonly count: number }
  tx_not_found: { readonly tx: string }
  line_not_found: { readonly line: string }
  block_not_found: { readonly height: number }
  tile_not_found: { readonly tile: string }
  history_too_short: { readonly size: number; readonly asked: number }
  genesis_without_receipt: object
  not_sealed_yet: object
  state_not_kept: { readonly height: number; readonly newest: number }
  batch_not_found: { readonly batch: string }
  api_key_not_found: { readonly id: string }
  log_has_other_key: { readonly origin: string }
  log_not_watched: { readonly name: string }
  logs_too_many: object
  witness_not_asked: { readonly name: string }
  witnesses_too_many: object
  figures_busy: object
  text_not_found: { readonly sha256: string }
  text_of_no_proposal: { readonly proposal: string; readonly expected: string }
  not_ready: object
  internal_error: object
}

/** Codes of problems that are no rejection of the ledger. */
export type RequestCode = keyof RequestProblems

interface RequestSentence<W> extends Sentence<W> {
  readonly status: number
  /** `none` when absent. */
  readonly outcome?: 'none' | 'unknown'
  /** What it means for the money, when the usual sentence of the outcome would not be true. */
  readonly money?: string
}

/** Status and sentences of every problem of a request. */
export const REQUEST_PROBLEMS: {
  readonly [C in RequestCode]: RequestSentence<RequestProblems[C]>
} = {
  malformed: {
    status: 400,
    title: 'Not a well-formed tx',
    detail: ({ where, expected }) => `At ${where}, ${expected} was expected.`,
    fix: 'Correct the request; for a signed tx, see the tx format in docs/spec/tx.md.',
  },
  wrong_chain: {
    status: 400,
    title: 'A tx of another network',
    detail: () => 'The tx names another chain than the one of this node.',
    fix: 'Take the chain of GET /api/v2/status, and sign again.',
  },
  unknown_key: {
    status: 401,
    title: 'Unknown signing key',
    detail: () => 'No key of the book has the thumbprint that the tx names.',
    fix: 'Have an admin add the key, or sign with one that the book knows.',
  },
  bad_signature: {
    status: 401,
    title: 'The signature does not fit',
    detail: () => 'The signature was not made by the named key over these bytes.',
    fix: 'Sign the exact bytes again.',
  },
  expired: {
    status: 410,
    title: 'The tx has expired',
    detail: () => 'The time of the book is past notAfter of the tx.',
    fix: 'Look whether it was applied before; if not, sign anew with a later notAfter.',
  },
  not_after_too_far: {
    status: 400,
    title: 'The tx would be valid too long',
    detail: () => 'notAfter lies more than 10 minutes ahead of the time of the book.',
    fix: 'Set notAfter to a few minutes from now, and check the clock.',
  },
  id_used: {
    status: 409,
    title: 'The tx id was used',
    detail: () => 'This key has already used the id for other bytes.',
    fix: 'Look at the tx of this id. For something new, make a new id.',
  },
  queue_full: {
    status: 503,
    title: 'Too much at once',
    detail: () => 'The node has more txs waiting than it takes.',
    fix: 'Send the same request again in a second, with the same key.',
  },
  stopping: {
    status: 503,
    title: 'The node is stopping',
    detail: () => 'The node is being stopped and takes no more txs.',
    fix: 'Send the same request again when it is back, with the same key.',
  },
  clock_jumped: {
    status: 503,
    title: 'The clock of the node jumped',
    detail: () => 'The clock of the machine moved in a way that the book cannot follow.',
    fix: 'The operator sets the clock right; when it is right now, they start the node again.',
  },
  outcome_unknown: {
    status: 504,
    outcome: 'unknown',
    title: 'The outcome is not known yet',
    detail: () => 'The node lost sight of the tx before it could say what became of it.',
    fix: 'Send the same request again with the same key: it is never done twice, and the answer tells.',
  },
  malformed_json: {
    status: 400,
    title: 'Not the JSON that is read here',
    detail: ({ why }) => `The body ${why}.`,
    fix: 'Send one JSON value in UTF-8, each member once, numbers as whole numbers.',
  },
  invalid_request: {
    status: 400,
    title: 'The request has another shape than expected',
    detail: ({ where, expected }) => `At ${where}: ${expected}.`,
    fix: 'Compare with this route in /api/v2/openapi.json.',
  },
  idempotency_key_missing: {
    status: 400,
    title: 'No Idempotency-Key',
    detail: () => 'A request that may move money carries the header Idempotency-Key with a UUID.',
    fix: 'Make a new UUID for each gesture, and repeat it when you send the same request again.',
  },
  idempotency_key_reused: {
    status: 409,
    title: 'The Idempotency-Key was used for another request',
    detail: () => 'The book has a tx with this id that asks for something else.',
    fix: 'Make a new UUID for each gesture. GET /api/v2/txs/<key> tells what the old one did.',
  },
  route_not_found: {
    status: 404,
    title: 'No such address',
    detail: ({ method, path }) => `Nothing answers ${method} ${path}.`,
    fix: 'See /api/v2/openapi.json for the addresses.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Not with this method',
    detail: ({ method, allowed }) => `This address answers ${allowed}, not ${method}.`,
    fix: 'See /api/v2/openapi.json for the addresses.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Not in this format',
    detail: ({ expected }) => `The body must be sent as ${expected}.`,
    fix: 'Set the header Content-Type.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    detail: ({ max }) => `This address reads at most ${max} bytes.`,
    fix: 'Send less at once.',
  },
  credential_missing: {
    status: 401,
    title: 'An API key is needed',
    detail: () => 'The request came without the header Authorization: Bearer fedow_...',
    fix: 'Send the API key of your place; the operator of the node makes one.',
  },
  credential_refused: {
    status: 401,
    title: 'The API key is not valid',
    detail: () => 'The API key is unknown, was revoked, or has expired.',
    fix: 'Ask the operator of the node for a new one.',
  },
  operator_only: {
    status: 403,
    title: 'For the operator only',
    detail: () =>
      'This is done from the machine of the node, through the socket of its data folder.',
    fix: 'Use the fedow command on that machine.',
  },
  capability_missing: {
    status: 403,
    title: 'The API key may not do this',
    detail: ({ can }) => `The API key lacks the capability "${can}".`,
    fix: 'Ask the operator of the node for a key that has it.',
  },
  place_out_of_reach: {
    status: 403,
    title: 'The API key is of another place',
    detail: ({ place }, nameOf) => `The API key does not reach ${nameOf(place)}.`,
    fix: 'Use the key of that place.',
  },
  wallet_out_of_reach: {
    status: 403,
    title: 'The API key does not reach this wallet',
    detail: ({ wallet }) =>
      `The key of one place reaches the wallet of that place; ${wallet} is another.`,
    fix: 'Use a key for every place of the node, or the key of the person.',
  },
  line_out_of_reach: {
    status: 403,
    title: 'Not a line of your place',
    detail: () => 'Neither side of this line is the place of the API key.',
    fix: 'Ask the place that it belongs to.',
  },
  receipt_out_of_reach: {
    status: 403,
    title: 'Not a tx of your place',
    detail: ({ tx }) => `No line of the tx ${tx} is one of the place of the API key.`,
    fix: 'Ask the place that it belongs to, or the operator. Anyone may see its place in the history: GET /api/v2/txs/<id>/proof.',
  },
  role_missing: {
    status: 403,
    title: 'This node has no key for that',
    detail: ({ can }) => `The data folder of this node holds no key with the right "${can}".`,
    fix: 'Do it at the node of the network that keeps that key.',
  },
  card_unknown: {
    status: 404,
    title: 'Unknown card',
    detail: () => 'No card of this node has this tag, printed number, QR code or id.',
    fix: 'Read the card again; import the file of its order if that has not been done.',
  },
  cards_known: {
    status: 409,
    title: 'The cards are known already',
    detail: () => 'Another import has brought some of these cards since the file was checked.',
    fix: 'Check the file again: it names them.',
  },
  import_interrupted: {
    status: 503,
    outcome: 'unknown',
    money: 'No money moved.',
    title: 'The card import stopped on its way',
    detail: ({ registered, count }) => `${registered} of ${count} cards are registered.`,
    fix: 'Do not send the file again: the import goes on by itself when the node starts again.',
  },
  tx_not_found: {
    status: 404,
    title: 'No such tx',
    detail: ({ tx }) => `The book has no tx with the id ${tx}.`,
    fix: 'If you sent one, send the same request again: it was never decided.',
  },
  line_not_found: {
    status: 404,
    title: 'No such line',
    detail: ({ line }) => `The book has no line with the id ${line}.`,
    fix: 'Check the id.',
  },
  block_not_found: {
    status: 404,
    title: 'No such block',
    detail: ({ height }) => `The book has no closed block of height ${height}.`,
    fix: 'See /api/v2/status for the height.',
  },
  tile_not_found: {
    status: 404,
    title: 'No such tile',
    detail: ({ tile }) => `The sealed history has nothing at "${tile}".`,
    fix: 'Take the size of the history from its checkpoint, and the addresses of tiles from c2sp.org/tlog-tiles.',
  },
  history_too_short: {
    status: 404,
    title: 'The history is not that long',
    detail: ({ size, asked }) => `The sealed history has ${size} leaves, not ${asked}.`,
    fix: 'Ask up to the size that GET /api/v2/history/checkpoint tells.',
  },
  genesis_without_receipt: {
    status: 404,
    title: 'The genesis has no receipt',
    detail: () => 'The genesis is public and checked as a whole.',
    fix: 'Take its place in the history: GET /api/v2/txs/<id>/proof.',
  },
  not_sealed_yet: {
    status: 503,
    money:
      'A payment that was answered is final, only its proof comes later; by asking, no money moved.',
    title: 'Not sealed yet',
    detail: () =>
      'What was asked for stands in a block that has no seal yet, and the seal is what proves it.',
    fix: 'Ask again in a second.',
  },
  state_not_kept: {
    status: 404,
    title: 'No state of that height',
    detail: ({ height, newest }) =>
      `The state of block ${height} is not kept here: proofs are made for the last blocks up to ${newest}.`,
    fix: 'Ask without a height, and keep the proof with its checkpoint.',
  },
  batch_not_found: {
    status: 404,
    title: 'No such card order',
    detail: ({ batch }) => `No card order has the id ${batch}.`,
    fix: 'Check the id in the list of orders.',
  },
  api_key_not_found: {
    status: 404,
    title: 'No such API key',
    detail: ({ id }) => `This node has no API key with the id ${id}.`,
    fix: 'Check the id in the list of API keys.',
  },
  log_has_other_key: {
    status: 409,
    title: 'The log is watched under another key',
    detail: ({ origin }) => `${origin} is watched, and its key is another one.`,
    fix: 'Ask its operator why. If the new key is right, end the old one first with fedow witness unwatch.',
  },
  log_not_watched: {
    status: 404,
    title: 'No such log',
    detail: ({ name }) => `No log of this name or key is watched: ${name}.`,
    fix: 'See fedow witness list.',
  },
  logs_too_many: {
    status: 409,
    title: 'Too many logs',
    detail: () => 'This node watches as many logs as it may.',
    fix: 'End one with fedow witness unwatch.',
  },
  witness_not_asked: {
    status: 404,
    title: 'No such witness',
    detail: ({ name }) => `No witness of this name or key is asked: ${name}.`,
    fix: 'See fedow witness list.',
  },
  witnesses_too_many: {
    status: 409,
    title: 'Too many witnesses',
    detail: () => 'A checkpoint has room for 15 co-signatures, and 15 witnesses are asked.',
    fix: 'End one with fedow witness unask.',
  },
  ...PAYMENT_PROBLEMS,
  ...VENUE_PROBLEMS,
  figures_busy: {
    status: 503,
    title: 'Too many figures are asked for at once',
    detail: () => 'Figures are counted one asset after the other, and several wait already.',
    fix: 'Ask again in some seconds: what was counted is remembered.',
  },
  text_not_found: {
    status: 404,
    title: 'No such text',
    detail: ({ sha256 }) => `This node has no text with the SHA-256 ${sha256}.`,
    fix: 'Ask the place that proposes, and give it to the node: POST /api/v2/texts.',
  },
  text_of_no_proposal: {
    status: 409,
    title: 'Not the text of this proposal',
    detail: ({ proposal, expected }) =>
      `The text of the proposal ${proposal} has the SHA-256 ${expected}; this is another.`,
    fix: 'Send the file as it was when the proposal was made, to the byte.',
  },
  not_ready: {
    status: 503,
    title: 'The node is not ready',
    detail: () => 'The node is starting or stopping and takes no txs.',
    fix: 'Ask again in a moment.',
  },
  internal_error: {
    status: 500,
    outcome: 'unknown',
    title: 'Something is wrong in the node',
    detail: () => 'The node could not answer, by a fault of its own.',
    fix: 'Send the same request again with the same key: it is never done twice. Tell the operator the request id.',
  },
}

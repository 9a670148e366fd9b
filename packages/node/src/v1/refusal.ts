import type { Json } from './codec/json.ts'

/** A request that v1 answers with an error: its status and its body, exactly as clients read them. */
export class V1Refusal extends Error {
  readonly status: number
  readonly body: Json
  /** Seconds after which asking again makes sense. */
  readonly retryAfterS: number | undefined

  constructor(status: number, body: Json, retryAfterS?: number) {
    super(`refused with ${status}`)
    this.status = status
    this.body = body
    this.retryAfterS = retryAfterS
  }
}

/** `{"detail": …}`, as the framework of v1 says what went wrong. */
export function refuseWithDetail(status: number, detail: string): never {
  throw new V1Refusal(status, { detail })
}

/** A rule across fields that does not hold: 400 `{"non_field_errors": […]}`. */
export function refuseRule(message: string): never {
  throw new V1Refusal(400, { non_field_errors: [message] })
}

/** A field that does not hold: 400 `{"<field>": […]}`. */
export function refuseField(field: string, message: string): never {
  throw new V1Refusal(400, { [field]: [message] })
}

import type { FastifyRequest } from 'fastify'
import { type Caller, OPERATOR, PUBLIC } from '../gateway/caller.ts'
import type { ApiKeys } from '../store/api-keys.ts'
import type { OperatorDoors } from './operator-doors.ts'
import { RequestError } from './problem-error.ts'

/** Finds out who sends a request. */
export class Credentials {
  readonly #doors: OperatorDoors
  readonly #apiKeys: Pick<ApiKeys, 'verify'>
  readonly #now: () => number

  constructor(doors: OperatorDoors, apiKeys: Pick<ApiKeys, 'verify'>, now: () => number) {
    this.#doors = doors
    this.#apiKeys = apiKeys
    this.#now = now
  }

  /** Refuses with: credential_refused. A request without any credential is the public's. */
  callerOf({ raw, headers }: FastifyRequest): Caller {
    if (this.#doors.has(raw.socket)) return OPERATOR
    const { authorization } = headers
    if (authorization === undefined) return PUBLIC
    const [, text = ''] = /^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(authorization) ?? []
    const key = this.#apiKeys.verify(text, this.#now())
    if (key === undefined) throw new RequestError({ code: 'credential_refused' })
    return { kind: 'key', key }
  }
}

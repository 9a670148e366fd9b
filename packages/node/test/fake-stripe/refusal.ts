/** What Stripe answers when it refuses: a status, and the object under `error`. */

export interface RefusalFacts {
  readonly status?: number
  readonly type?: string
  readonly code?: string
  readonly param?: string
  /** More members of `error`: decline_code, charge, payment_intent. */
  readonly more?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown by whoever refuses, answered by the server. */
export class Refusal extends Error {
  readonly facts: RefusalFacts

  constructor(message: string, facts: RefusalFacts = {}) {
    super(message)
    this.facts = facts
  }

  get status(): number {
    return this.facts.status ?? 400
  }

  toBody(requestId: string): object {
    const { type = 'invalid_request_error', code, param, more } = this.facts
    return {
      error: {
        ...(code === undefined ? {} : { code, doc_url: docUrl(code) }),
        message: this.message,
        ...(param === undefined ? {} : { param }),
        request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
        type,
        ...more,
      },
    }
  }
}

function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
}

/** An id that names nothing. In a path it is a 404, in a parameter a 400. */
export function missing(noun: string, id: string, param = 'id', status = 404): Refusal {
  return new Refusal(`No such ${noun}: '${id}'`, { status, code: 'resource_missing', param })
}

/** A card that was refused: the one refusal that people cause. */
export function declined(more: Readonly<Record<string, unknown>>): Refusal {
  return new Refusal('Your card was declined.', {
    ...{ status: 402, type: 'card_error', code: 'card_declined' },
    more: { decline_code: 'generic_decline', ...more },
  })
}

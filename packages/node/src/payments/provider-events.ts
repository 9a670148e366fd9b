/** What a provider has told, or would have: it keeps its events for a while, and answers them again. */
import type { ProviderEvent } from './provider.ts'

/** An event as it was made, whoever was told of it. */
export interface KeptEvent extends ProviderEvent {
  /** In milliseconds since 1970, of the provider's clock. */
  readonly createdMs: number
}

export interface EventQuery {
  readonly sinceMs: number
  /** The event that the page before ended with. */
  readonly after: string | undefined
}

export interface EventPage {
  /** Newest first. */
  readonly events: readonly KeptEvent[]
  readonly isLast: boolean
}

export interface EventList {
  /** Events about money that came in or went to our bank. Throws ProviderError. */
  keptEvents(query: EventQuery): Promise<EventPage>
}

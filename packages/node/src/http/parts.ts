import type {
  DashboardFacts,
  PaymentFacts,
  PlaceFacts,
  PublicFacts,
  ReminderFacts,
  SandboxFacts,
} from '@fedow/api'
import type { Hash, NodeId, PlaceId, TxId } from '@fedow/ledger'
import type { FastifyInstance } from 'fastify'
import type { Engine } from '../engine/engine.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Means } from '../gateway/means.ts'
import type { PaymentDoors } from '../payments/doors.ts'
import type { CardImport, CardImportResult, CardPlan } from '../people/card-import.ts'
import type { Proofs } from '../proofs/proofs.ts'
import type { Reminders } from '../reminders/reminders.ts'
import type { ApiKeys } from '../store/api-keys.ts'
import type { BookReader } from '../store/book-reader.ts'
import type { CardDirectory } from '../store/card-directory.ts'
import type { FiguresReader } from '../store/figures-reader.ts'
import type { SimulationReader } from '../store/simulation-reader.ts'
import type { TextStore } from '../store/text-store.ts'
import type { WitnessDesk } from '../witness/desk.ts'

/** A card file as a request brings it. */
export type CardFileOrder = Omit<CardImport, 'directory'>

/** How card files become cards: the slice that knows cards, as the routes see it. */
export interface CardImports {
  plan(order: CardFileOrder): CardPlan
  apply(plan: CardPlan): Promise<CardImportResult>
}

/** Makes the page at the root of the address, in a language that the browser asks for. */
export type FirstPage = (facts: PublicFacts, acceptLanguage: string | undefined) => string

/** Makes the pages at `/dashboard/`, in a language that the browser asks for. */
export interface DashboardPages {
  dashboard(facts: DashboardFacts, acceptLanguage: string | undefined): string
  place(facts: PlaceFacts, acceptLanguage: string | undefined): string
  /** For an address that names no place. */
  noPlace(acceptLanguage: string | undefined): string
}

/** Makes the pages about a payment, in a language that the browser asks for. */
export interface PaymentPages {
  /** To come back to after paying. */
  payment(facts: PaymentFacts, acceptLanguage: string | undefined): string
  /** Where the sandbox is paid. */
  sandbox(facts: SandboxFacts, acceptLanguage: string | undefined): string
  /** Where the reader of the sandbox asks for nothing. */
  idleReader(acceptLanguage: string | undefined): string
  /** For an address that names no payment. */
  none(acceptLanguage: string | undefined): string
}

/** Makes the pages that stop reminders and begin them again, in a language that the browser asks for. */
export interface ReminderPages {
  reminders(facts: ReminderFacts, acceptLanguage: string | undefined): string
  /** For an address that belongs to nobody. */
  none(acceptLanguage: string | undefined): string
}

/** The wire of v1, when the node serves it. */
export interface V1Part {
  readonly dashboard: {
    facts(): Promise<DashboardFacts>
    /** Undefined when no place has this id. */
    place(id: string): Promise<PlaceFacts | undefined>
  }
  register(app: FastifyInstance): void
  /** The text that connects the till of a place. */
  connect(order: {
    readonly place: PlaceId
    readonly email?: string | undefined
    readonly id: TxId
  }): Promise<string>
}

/** What the routes work with: everything that the node hands to its HTTP server. */
export interface ServerParts {
  readonly book: BookReader
  readonly engine: Engine
  readonly gateway: Gateway
  readonly directory: Pick<CardDirectory, 'find' | 'byCard'>
  readonly apiKeys: ApiKeys
  readonly cardImports: CardImports
  readonly proofs: Proofs
  readonly figures: Pick<FiguresReader, 'ask'>
  readonly simulations: Pick<SimulationReader, 'ask'>
  readonly texts: TextStore
  readonly payments: PaymentDoors
  readonly reminders: Reminders
  readonly witness: WitnessDesk
  readonly node: { readonly id: NodeId; readonly name: string }
  readonly version: string
  readonly engineName: 'solo' | 'comet'
  readonly hash: Hash
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  /** False while the node starts or stops. */
  readonly isReady: () => boolean
  readonly firstPage?: FirstPage
  readonly dashboardPages?: DashboardPages
  readonly paymentPages?: PaymentPages
  readonly reminderPages?: ReminderPages
  readonly v1?: V1Part
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** What a file of routes gets. */
export interface Http {
  readonly scope: FastifyInstance
  readonly parts: ServerParts
  readonly means: Means
}

/** Public facts of the page at the root of the address. Amounts in minor units. */
export interface PublicFacts {
  readonly network: string
  readonly chain: string
  readonly version: string
  readonly height: number
  readonly lines: number
  readonly time: string
  readonly fedIssued: number
  readonly eurHeld: number
  /** Until when a second person’s statements hold for the reserve; absent when none do. */
  readonly attestedUntil?: string | undefined
  readonly places: readonly { readonly id: string; readonly name: string }[]
  readonly assets: readonly {
    readonly name: string
    readonly code: string
    readonly kind: string
    readonly issuer?: string | undefined
    readonly issued: number
  }[]
}

/** What the demonstration is made from: `demo/federation.json` and the card files beside it. */
import { readFileSync } from 'node:fs'
import { COOPERATIVE_MELTING, type Demurrage } from '@fedow/ledger'

export interface Story {
  readonly places: readonly {
    readonly name: string
    readonly cards?: string
    readonly generation?: number
    readonly primaryCards: number
  }[]
  readonly assets: readonly StoryAsset[]
  readonly federations: readonly {
    readonly name: string
    readonly places: readonly string[]
    readonly assets: readonly string[]
  }[]
  readonly products: Readonly<Record<string, readonly (readonly [string, number])[]>>
}

export interface StoryAsset {
  readonly kind: string
  readonly name: string
  readonly code: string
  readonly issuer?: string
  /** A third each to places, commons and maintenance. */
  readonly demurrage?: {
    readonly graceDays: number
    readonly basis: Demurrage['basis']
    readonly everyDays: number
    readonly ratePpm: number
  }
}

/** Kinds that a place makes. */
const KINDS = ['TLF', 'TNF', 'TIM', 'FID', 'SUB', 'BDG', 'MVO'] as const
export type StoryKind = (typeof KINDS)[number]

const FOLDER = new URL('../../../../demo/', import.meta.url)

export function readStory(): Story {
  return JSON.parse(readFileSync(new URL('federation.json', FOLDER), 'utf8')) as Story
}

/** Assets that a place can make, with their kind. */
export function placeAssets(story: Story) {
  return story.assets.flatMap((asset) => {
    const kind = KINDS.find((one) => one === asset.kind)
    return kind === undefined || asset.issuer === undefined
      ? []
      : [{ ...asset, kind, issuer: asset.issuer }]
  })
}

/** How federated euros melt, as the file says; a life lets its places vote it instead. */
export function meltingOf({ assets }: Story): Demurrage | undefined {
  const melting = assets.find(({ kind }) => kind === 'FED')?.demurrage
  if (melting === undefined) return undefined
  const { graceDays, basis, everyDays, ratePpm } = melting
  return {
    ...COOPERATIVE_MELTING,
    ...{ graceDays, basis, period: { days: everyDays }, form: { ppm: ratePpm } },
  }
}

/** The bytes of a card file. */
export function readCardFile(name: string): Buffer {
  return readFileSync(new URL(name, FOLDER))
}

/** Tags of a card file, in its order. */
export function tagsOf(file: Buffer): readonly string[] {
  return columnOf(file, 2)
}

/** Printed numbers of a card file, in its order. */
export function numbersOf(file: Buffer): readonly string[] {
  return columnOf(file, 1)
}

function columnOf(file: Buffer, column: number): readonly string[] {
  return file
    .toString('utf8')
    .split('\n')
    .flatMap((line) => line.trim().split(',')[column] ?? [])
}

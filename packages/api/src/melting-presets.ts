/** Terms that others have lived with, and ours, by name. Source: docs/spec/demurrage.md, "Presets". */
import {
  type Amount,
  ASSET_KINDS,
  type AssetKind,
  COOPERATIVE_MELTING,
  type Demurrage,
  type LawFault,
  lawFault,
  type MeltLaw,
  SHARES_USUAL,
} from '@fedow/ledger'
import { REJECTION_SENTENCES } from './rejection-sentences.ts'
import type { Sentence } from './sentence.ts'

export const MELTING_PRESETS = ['worgl', 'chiemgauer', 'cooperative', 'calendar-day'] as const
export type MeltingPreset = (typeof MELTING_PRESETS)[number]

const NO_FLOOR = 0n as Amount

/** Paper that wears out in whoever's hands it is: only funds, to which it goes, are left out. */
const STAMPED = {
  basis: 'age',
  graceDays: 0,
  floor: NO_FLOOR,
  exempt: ['fund'],
  shares: SHARES_USUAL,
} as const

/** What a preset is, in a sentence. */
export const PRESET_WORDS: Readonly<Record<MeltingPreset, string>> = {
  worgl: 'Wörgl, 1932 and 1933: a stamp of 1 % for each month, in whoever’s hands the note was.',
  chiemgauer: 'The Chiemgauer on paper, until 2015: a stamp of 2 % for each quarter.',
  cooperative: 'The cooperative’s own: nothing for a year, then 1 % a month, a third each.',
  'calendar-day': 'A gift for a season: all of it ends on one day, and leaves circulation.',
}

/** The terms of a preset. Only `calendar-day` reads the day, counted from 1970 in UTC. */
export function presetTerms(preset: MeltingPreset, day: number): Demurrage {
  switch (preset) {
    case 'worgl':
      return { ...STAMPED, period: { months: 1 }, form: { ppm: 10_000 } }
    case 'chiemgauer':
      return { ...STAMPED, period: { months: 3 }, form: { ppm: 20_000 } }
    case 'cooperative':
      return COOPERATIVE_MELTING
    case 'calendar-day':
      return {
        basis: 'inactivity',
        graceDays: 0,
        period: { months: 12 },
        form: { allDay: day },
        floor: NO_FLOOR,
        exempt: ['place', 'fund'],
        shares: { node: 0, commons: 0, maintenance: 0, burnt: 1_000_000 },
      }
  }
}

/** Kinds of asset for which terms are not lawful, by the reason. */
export interface PresetFault {
  readonly kinds: readonly AssetKind[]
  readonly why: string
}

/** For which kinds the law of a network refuses terms, and why, as their rejection is told. */
export function presetFaults(terms: Demurrage, law: MeltLaw): readonly PresetFault[] {
  const faults = ASSET_KINDS.flatMap((kind) => {
    const fault = lawFault(kind, terms, law)
    return fault === undefined ? [] : [{ kind, why: faultText(fault) }]
  })
  return [...Map.groupBy(faults, ({ why }) => why)].map(([why, of]) => {
    return { kinds: of.map(({ kind }) => kind), why }
  })
}

function faultText(fault: LawFault): string {
  const sentence = REJECTION_SENTENCES[fault.code] as Sentence<LawFault>
  return sentence.detail(fault, String)
}

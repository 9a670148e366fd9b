/** How a command says by which terms money melts. */
import { readFileSync } from 'node:fs'
import {
  type DemurrageJson,
  MELTING_PRESETS,
  PRESET_WORDS,
  presetTerms,
  toDemurrageText,
} from '@fedow/api'
import { fromIsoDay } from '@fedow/ledger'
import { text } from '../command.ts'
import { Misuse } from '../failure.ts'

/** What says that it never melts. */
export const NEVER = 'none'

export const meltingValues = {
  melting: text(
    'preset or file',
    `how it melts while it sleeps: ${MELTING_PRESETS.join(', ')}, ${NEVER}, or a JSON file of terms`,
  ),
  meltingDay: text('day', 'with calendar-day: the day on which all of it ends, such as 2027-12-31'),
}

/** Those values, as they were typed. */
export interface MeltingTexts {
  readonly melting: string | undefined
  readonly meltingDay: string | undefined
}

/** The terms that were named; `undefined` when nothing was said, `NEVER` for none. Throws Misuse. */
export function readMelting({
  melting,
  meltingDay,
}: MeltingTexts): DemurrageJson | typeof NEVER | undefined {
  const preset = MELTING_PRESETS.find((one) => one === melting)
  if ((meltingDay !== undefined) !== (preset === 'calendar-day')) {
    throw new Misuse('--melting calendar-day and --melting-day go together. Nothing was sent.')
  }
  if (melting === undefined || melting === NEVER) return melting
  if (preset === undefined) return readFile(melting)
  return toDemurrageText(presetTerms(preset, meltingDay === undefined ? 0 : readDay(meltingDay)))
}

function readDay(text: string): number {
  const day = fromIsoDay(text)
  if (day !== undefined) return day
  throw new Misuse(`"${text}" is not a day. Write it as 2027-12-31. Nothing was sent.`)
}

/** The API says what is wrong in them, the file only whether it is JSON at all. */
function readFile(path: string): DemurrageJson {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DemurrageJson
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const presets = MELTING_PRESETS.map((name) => `  ${name}  ${PRESET_WORDS[name]}`)
    throw new Misuse(
      `"${path}" is no preset, and no file of terms: ${why}. Nothing was sent. Presets:\n${presets.join('\n')}`,
    )
  }
}

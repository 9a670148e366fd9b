/** What of the network's parameters is voted, and the law that bounds it. Source: docs/spec/governance.md, "Parameters". */
import { DAY_MS } from '../limits.ts'
import {
  amount,
  integer,
  Malformed,
  nullable,
  type Of,
  object,
  oneOf,
  type Shape,
} from '../shape.ts'

/** How long a vote or a delay may be, in milliseconds: one day to 90. */
export const VOTE_STEP_MS: Shape<number> = integer({ min: DAY_MS, max: 90 * DAY_MS })

/** Days of an epoch: after each, what melted is shared out. */
export const EPOCH_DAYS: Shape<number> = integer({ min: 1, max: 366 })

/** How long places vote when no parameter says otherwise, in milliseconds. */
export const VOTE_USUAL_MS = 14 * DAY_MS

/** How long after the end of the vote its result applies when no parameter says otherwise, in milliseconds. */
export const DELAY_USUAL_MS = 7 * DAY_MS

interface VotedParameter<T> {
  /** The law: what no vote can cross. */
  readonly shape: Shape<T>
  /** True when it may be taken away: then the network has no such bound, or the usual value. */
  readonly isOptional: boolean
}

/** Parameters that a proposal may change, each with its law. A new one is voted from the day it has its row here. */
export const VOTED_PARAMETERS = {
  fedCap: { shape: amount, isOptional: false },
  dueCap: { shape: amount, isOptional: false },
  placeHourCeiling: { shape: amount, isOptional: true },
  issueDayMax: { shape: amount, isOptional: true },
  twoKeepersAbove: { shape: amount, isOptional: true },
  epochDays: { shape: EPOCH_DAYS, isOptional: true },
  voteMs: { shape: VOTE_STEP_MS, isOptional: true },
  delayMs: { shape: VOTE_STEP_MS, isOptional: true },
} as const satisfies Readonly<Record<string, VotedParameter<unknown>>>

export type ParameterName = keyof typeof VOTED_PARAMETERS
export const PARAMETER_NAMES = Object.keys(VOTED_PARAMETERS) as readonly ParameterName[]

/** A value of some parameter; null for none. */
export type ParameterValue = Of<(typeof VOTED_PARAMETERS)[ParameterName]['shape']> | null

const anything: Shape<unknown> = (value) => value
const parameterName = oneOf(PARAMETER_NAMES)

/** The shape of a value of the parameter of this name. */
export function parameterValue(name: ParameterName): Shape<ParameterValue> {
  const { shape, isOptional } = VOTED_PARAMETERS[name]
  return isOptional ? nullable<Exclude<ParameterValue, null>>(shape) : shape
}

interface Named<M extends string> {
  readonly kind: 'parameter'
  readonly name: ParameterName
  readonly values: Readonly<Record<M, ParameterValue>>
}

/** An object of kind, name and, under each of these members, a value of that parameter. */
export function ofParameter<const M extends string>(
  ...members: readonly M[]
): Shape<Omit<Named<M>, 'values'> & Named<M>['values']> {
  const named = object({
    kind: oneOf(['parameter']),
    name: parameterName,
    ...Object.fromEntries(members.map((member) => [member, anything])),
  })
  return (value, path) => {
    const { kind, name, ...rest } = named(value, path)
    const shape = parameterValue(name)
    const values = Object.entries(rest).map(([member, one]) => {
      if (one === undefined) throw new Malformed(`${path}.${member}`, 'a value')
      return [member, shape(one, `${path}.${member}`)]
    })
    return { kind, name, ...Object.fromEntries(values) }
  }
}

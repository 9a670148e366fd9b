import type { AnswerOf, getWitness } from '@fedow/api'

type Witness = AnswerOf<typeof getWitness>

/** The logs that a node watches and the witnesses that it asks, with what is wrong. */
export function toWitnesses({ watched, asked }: Witness): string {
  return [
    asked.length === 0 ? 'No witness is asked.' : 'Witnesses asked:',
    ...asked.flatMap(toAsked),
    watched.length === 0 ? 'No log is watched.' : 'Logs watched:',
    ...watched.flatMap(toWatched),
  ].join('\n')
}

/** A witness that is asked: a line, and two more when something is wrong. */
export function toAsked({ name, url, cosigned, problem }: Witness['asked'][number]): string[] {
  const when =
    cosigned === undefined
      ? 'has co-signed nothing yet'
      : `has co-signed block ${cosigned.height} at ${cosigned.time}`
  const wrong =
    problem === undefined
      ? []
      : [`    ${problem.title}, since ${problem.since}. ${problem.detail}`, `    ${problem.fix}`]
  return [`  ${name} at ${url}`, `    ${when}`, ...wrong]
}

function toWatched({ origin, cosigned, refused }: Witness['watched'][number]): string[] {
  const seen =
    cosigned === undefined
      ? 'nothing co-signed yet'
      : `co-signed up to ${cosigned.size} leaves at ${cosigned.time}`
  return [`  ${origin}`, `    ${seen}`, ...refused.map((one) => `    ${toRefused(one)}`)]
}

const KEEP = 'Both notes are in fedow witness list --json.'

function toRefused({ kind, time }: Witness['watched'][number]['refused'][number]): string {
  return kind === 'conflict'
    ? `Two histories, since ${time}: its key signed another checkpoint of a size that was co-signed. Nobody else can have made it. ${KEEP} Show them to whoever relies on that book.`
    : `Refused at ${time}: a checkpoint with its signature came without a proof that it continues what was co-signed. Anyone may have sent it so; if its operator cannot give a right proof, the book was rewritten. ${KEEP}`
}

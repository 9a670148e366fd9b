import { API_KEY_CAPABILITIES, createApiKey } from '@fedow/api'
import { readChoices } from '../book/choice.ts'
import { placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { readMoment } from '../book/time.ts'
import { command, flag, many, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'

const LIMIT_NAMES = ['perSale', 'perHour', 'perDay'] as const
type LimitTexts = Readonly<Record<(typeof LIMIT_NAMES)[number], string | undefined>>

export const apiKeyCreate = command({
  name: 'api-key create',
  summary: 'Make a key for a program that uses the HTTP API; its text is shown this once',
  arguments: { name: needed('name', 'what it is for, to find it again') },
  options: {
    place: text('place', 'the only place that it is for'),
    everyPlace: flag('for every place of this node instead: a key of the operator'),
    can: many('capability', `what it may do: ${API_KEY_CAPABILITIES.join(', ')}`),
    perSale: text('amount', 'the most that it moves at once'),
    perHour: text('amount', 'the most that it moves in an hour'),
    perDay: text('amount', 'the most that it moves in a day'),
    expires: text('when', 'until when it works: 12h, 30d, or 2026-12-31T18:00:00Z'),
  },
  examples: [
    'api-key create "Till 1" --place "Bar du Port" --can read,sell',
    'api-key create Lespass --place "La Raffinerie" --can read,cards,issue --per-day 500 --json',
  ],
  async run({ client, screen }, { name, place, everyPlace, expires, ...values }) {
    if ((place === undefined) !== everyPlace) {
      throw new Misuse(
        'Name the place of the key (--place), or give it --every-place. No key was made.',
      )
    }
    const can = readChoices(values.can, { of: API_KEY_CAPABILITIES, what: 'capability' })
    if (can.length === 0)
      throw new Misuse('Say what the key may do (--can read,sell). No key was made.')
    const limits = readLimits(values)
    const made = await client.call(createApiKey, {
      body: {
        name,
        place: place === undefined ? null : (await placeNamed(client, place)).id,
        can,
        ...(Object.keys(limits).length > 0 && { limits }),
        ...(expires !== undefined && { expires: readMoment(expires) }),
      },
    })
    screen.answer(
      made,
      () => `${made.key}\nNobody can show this key again: put it where the program reads it.`,
    )
  },
})

function readLimits(texts: LimitTexts): { perSale?: number; perHour?: number; perDay?: number } {
  const given = LIMIT_NAMES.flatMap((name) => {
    const text = texts[name]
    return text === undefined ? [] : [[name, readPositive(text)] as const]
  })
  return Object.fromEntries(given)
}

import { openOffer } from '@fedow/api'
import { assetNamed, placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { readRate } from '../book/rate.ts'
import { readMoment } from '../book/time.ts'
import { command, needed, text } from '../command.ts'

export const offerOpen = command({
  name: 'offer open',
  summary: 'A place offers one asset for another at a fixed rate, out of its own wallet',
  details:
    'Nothing is reserved: the place gives what it has when somebody comes. What it gives is rounded down. When somebody could turn around this offer and others and end with more, the answer says so.',
  options: {
    place: needed('place', 'who offers: its name or id'),
    give: needed('asset', 'what it gives: its name, code or id'),
    take: needed('asset', 'what it takes: likewise'),
    rate: needed('given:taken', 'such as 3:4, which gives 3.00 for 4.00'),
    perPersonDay: text('amount', 'most that one wallet is given in a day'),
    minimum: text('amount', 'least that is taken at a time'),
    until: text('when', 'the end: 12h, 7d, or 2026-12-31T18:00:00Z; none when absent'),
  },
  examples: [
    'offer open --place "Bar du Port" --give PKS --take FED --rate 1:1 --per-person-day 100',
    'offer open --place "Bar du Port" --give "Perle" --take PKS --rate 3:4 --until 7d --json',
  ],
  async run({ client, send, screen }, { until, ...values }) {
    const [give, take] = [
      await assetNamed(client, values.give),
      await assetNamed(client, values.take),
    ]
    const { perPersonDay, minimum } = values
    const body = {
      place: (await placeNamed(client, values.place)).id,
      give: give.id,
      take: take.id,
      rate: readRate(values.rate),
      ...(perPersonDay && { perPersonDay: readPositive(perPersonDay, give.kind) }),
      ...(minimum && { minimum: readPositive(minimum, take.kind) }),
      ...(until !== undefined && { until: readMoment(until) }),
    }
    const done = await send(openOffer, { body })
    screen.done(done, () =>
      [
        `Offer ${done.offer} is open.`,
        ...done.warnings.map(({ sentence }) => `Mind: ${sentence}`),
      ].join('\n'),
    )
  },
})

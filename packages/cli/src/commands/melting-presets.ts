import { listMeltingPresets, toDecimal, toRoundPercent } from '@fedow/api'
import { command, text } from '../command.ts'

export const meltingPresets = command({
  name: 'melting presets',
  summary: 'Terms by which others let money melt, and ours, with what they take in a year',
  details:
    'Any of them makes an asset melt: "fedow asset create ... --melting cooperative". Where the law of this network refuses one for a kind of asset, it says so. To change one: --json, and a file of your own.',
  options: { day: text('day', 'the day on which a gift for a season ends, such as 2027-12-31') },
  examples: ['melting presets', 'melting presets --day 2027-12-31 --json'],
  async run({ client, screen }, { day }) {
    const query = day === undefined ? {} : { day }
    const shown = await client.call(listMeltingPresets, { query })
    screen.answer(shown, () => {
      const { law, presets } = shown
      const texts = presets.map(({ preset, about, terms, refused }) => {
        const faults = refused.map(({ kinds, why }) => `  Not for ${kinds.join(', ')}: ${why}`)
        return [preset, `  ${about}`, `  ${terms.sentence}`, ...faults].join('\n')
      })
      const most = `at most ${toRoundPercent(law.yearlyPpm)}, or ${toDecimal(law.yearlyFixed)}`
      const rule = `By the law of this network euros melt by ${most}, in a year; federated ones after ${law.graceDays} days of sleep at the earliest.`
      return [...texts, rule].join('\n\n')
    })
  },
})

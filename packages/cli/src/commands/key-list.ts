import { listKeys } from '@fedow/api'
import { readSubject, subjectValues } from '../book/subject.ts'
import { command } from '../command.ts'
import { toTable } from '../text/table.ts'

export const keyList = command({
  name: 'key list',
  summary: 'Signing keys of a place, a wallet or the network, and what this node may sign for it',
  options: subjectValues,
  examples: ['key list --place "La Raffinerie"', 'key list --place "Bar du Port" --json'],
  async run({ client, screen }, values) {
    const on = await readSubject(client, values)
    const found = await client.call(listKeys, { query: { on } })
    screen.answer({ on, ...found }, () => {
      const rows = found.keys.map(({ kid, can }) => [kid, can.join(', ')])
      if (found.grant !== undefined) rows.push(['this node', found.grant.can.join(', ')])
      return rows.length === 0 ? 'No key.' : toTable(rows)
    })
  },
})

import { getOpenapi } from '@fedow/api'
import { command } from '../command.ts'

export const openapi = command({
  name: 'openapi',
  summary: 'Print the description of the HTTP API (OpenAPI 3.1)',
  examples: ['openapi > openapi.json', 'openapi --data /var/lib/fedow > openapi.json'],
  async run({ client, screen }) {
    const document = await client.call(getOpenapi, {})
    screen.answer(document, () => JSON.stringify(document, null, 2))
  },
})

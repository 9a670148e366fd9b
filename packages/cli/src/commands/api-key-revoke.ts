import { revokeApiKey } from '@fedow/api'
import { command, needed } from '../command.ts'

export const apiKeyRevoke = command({
  name: 'api-key revoke',
  summary: 'End an API key, at once',
  arguments: { id: needed('id', 'as "fedow api-key list" shows it') },
  examples: ['api-key revoke 7h2kq0m3zx', 'api-key revoke 7h2kq0m3zx --json'],
  async run({ client, screen }, { id }) {
    const ended = await client.call(revokeApiKey, { params: { id } })
    screen.done(ended, () => `The key "${ended.name}" is refused from now on.`)
  },
})

/** One API key for each place of the demonstration, kept in a file of the data folder: a try-out that forgets its keys is none. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type API_KEY_CAPABILITIES,
  type Client,
  createApiKey,
  listApiKeys,
  revokeApiKey,
} from '@fedow/api'
import type { PlaceView } from '../book/named.ts'

/** A key to try with. */
export interface DemoKey {
  readonly place: string
  readonly key: string
}

const FILE = 'demo-keys.txt'
const HEAD =
  '# API keys of the demonstration, one for each place. Whoever reads this file can sell and refill there.\n'
const CAN: readonly (typeof API_KEY_CAPABILITIES)[number][] = [
  'read',
  'sell',
  'cards',
  'issue',
  'assets',
  'federate',
  'spend',
]

export function demoKeysPath(folder: string): string {
  return join(folder, FILE)
}

/** The keys of the file that still work; a new one for each place that has none. */
export async function demoKeys(
  client: Client,
  folder: string,
  places: readonly PlaceView[],
): Promise<readonly DemoKey[]> {
  const kept = new Map(readFile(folder).map(({ place, key }) => [place, key]))
  const live = (await client.call(listApiKeys, {})).apiKeys.filter(
    (one) => one.revoked === undefined,
  )
  for (const { id: place, name } of places) {
    const label = `Demonstration, ${name}`
    const same = live.filter((one) => one.name === label && one.place === place)
    const known = same.find(({ id }) => kept.get(name)?.startsWith(`fedow_${id}_`))
    // A key whose text was lost between its making and the file serves nobody.
    for (const { id } of same)
      if (id !== known?.id) await client.call(revokeApiKey, { params: { id } })
    if (known !== undefined) continue
    const { key } = await client.call(createApiKey, { body: { name: label, place, can: [...CAN] } })
    kept.set(name, key)
    writeFile(folder, kept)
  }
  return places.map(({ name }) => ({ place: name, key: kept.get(name) ?? '' }))
}

function readFile(folder: string): readonly DemoKey[] {
  const path = demoKeysPath(folder)
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, place, key] = /^([^#=][^=]*) = (fedow_\S+)$/.exec(line) ?? []
      return place === undefined || key === undefined ? [] : [{ place, key }]
    })
}

function writeFile(folder: string, keys: ReadonlyMap<string, string>): void {
  const path = demoKeysPath(folder)
  const lines = [...keys].map(([place, key]) => `${place} = ${key}\n`)
  writeFileSync(`${path}.new`, HEAD + lines.join(''), { mode: 0o600 })
  chmodSync(`${path}.new`, 0o600)
  renameSync(`${path}.new`, path)
}

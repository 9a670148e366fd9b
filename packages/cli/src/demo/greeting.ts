/** What a first visitor reads: keys to try, and three commands that work by copy and paste. */
import { resolve } from 'node:path'
import { newTxId } from '@fedow/api'
import type { PlaceView } from '../book/named.ts'
import { toTable } from '../text/table.ts'
import { BAR } from './cast.ts'
import { type DemoKey, demoKeysPath } from './demo-keys.ts'

export interface Greeting {
  readonly origin: string
  readonly folder: string
  readonly places: readonly PlaceView[]
  readonly keys: readonly DemoKey[]
  /** Tag of a card with something on it. */
  readonly card: string
}

const COFFEE = 150

/** Three commands to try. A new Idempotency-Key each time they are printed; pasted twice, the sale is done once. */
export function tryCommands({ origin, folder, places, keys, card }: Greeting): readonly string[] {
  const at = resolve('data') === folder ? '' : ` --data ${quote(folder)}`
  const bar = places.find(({ name }) => name === BAR) ?? places[0]
  const key = keys.find(({ place }) => place === bar?.name)?.key ?? ''
  const body = JSON.stringify({ place: bar?.id, card, amount: COFFEE })
  const headers = [
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `idempotency-key: ${newTxId()}`,
  ]
  return [
    `npx fedow card show ${card}${at}`,
    `curl -s ${origin}/api/v2/sales ${headers.map((header) => `-H '${header}'`).join(' ')} -d '${body}'`,
    `npx fedow audit${at}`,
  ]
}

export function greet(greeting: Greeting): string {
  const { folder, keys } = greeting
  return `
API keys to try with, one for each place (also in ${demoKeysPath(folder)}):
${toTable(keys.map(({ place, key }) => [`  ${place}`, key]))}

Three commands to try, in another terminal, in the folder of the project:
${tryCommands(greeting)
  .map((line) => `  ${line}`)
  .join('\n')}`
}

/** For a POSIX shell, when the text needs it. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

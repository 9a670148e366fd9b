#!/usr/bin/env node
// Plain JavaScript for Node 20: the `fedow` command starts with any Node, and goes on with Node 26.
import { fileURLToPath } from 'node:url'
import { isNode26, runNode26 } from '../../tools/node26.mjs'

const main = new URL('./src/main.ts', import.meta.url)

if (isNode26()) {
  await import(main.href)
} else {
  const args = [fileURLToPath(main), ...process.argv.slice(2)]
  process.exitCode = await runNode26(args, process.cwd())
}

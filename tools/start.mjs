/** `npm start` and `npm run dev`: a solo node with the demonstration federation. */
import { runNode26 } from './node26.mjs'
import { setup } from './setup.mjs'

setup()
const args = process.argv.slice(2)
const watch = args.filter((arg) => arg === '--watch')
const passedOn = args.filter((arg) => arg !== '--watch')
process.exitCode = await runNode26([
  ...watch,
  'packages/cli/src/main.ts',
  'start',
  '--demo',
  ...passedOn,
])

/** `npm run bench`: the benchmarks, with the arguments given after `--`. */
import { runNode26 } from './node26.mjs'
import { setup } from './setup.mjs'

setup()
process.exitCode = await runNode26(['tools/bench/main.ts', ...process.argv.slice(2)])

/** A whole node on a data folder, as `fedow start` runs it. Arguments: the folder. */
import { readConfig } from '../../../packages/node/src/config.ts'
import { startNode } from '../../../packages/node/src/node.ts'
import { tell } from './tell.ts'

const [folder] = process.argv.slice(2)
const config = readConfig({
  FEDOW_DATA: folder,
  FEDOW_PORT: '0',
  FEDOW_LOG: 'warn',
  FEDOW_ACCEPT_CLOCK: 'yes',
})
const node = await startNode(config)
tell({ result: Number(new URL(node.address ?? '').port) })
process.on('SIGTERM', async () => {
  await node[Symbol.asyncDispose]()
  process.exit(0)
})

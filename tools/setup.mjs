/** Installs the packages when the lock or the platform changed since the last time. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installedPrograms, PATH, root } from './node26.mjs'

// Inside node_modules, so that what removes the packages removes the stamp with them.
const stampFile = join(root, 'node_modules', '.fedow-setup')

export function setup() {
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  process.stderr.write('Installing packages (the first time takes about half a minute)\n')
  install()
  writeFileSync(stampFile, stamp)
}

function install() {
  // npm replaces node_modules: it must not run with the Node that lies there.
  const folders = (process.env[PATH] ?? '').split(delimiter)
  const path = folders.filter((folder) => folder !== installedPrograms).join(delimiter)
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, [PATH]: path },
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  })
  if (status === 0) return
  process.stderr.write(
    `The packages could not be installed (${error?.message ?? 'npm says why above'}). ` +
      'Nothing was started. Check the network, then run the same command again.\n',
  )
  process.exit(1)
}

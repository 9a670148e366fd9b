/** Deciding together from the command line: each place with a key of its own, which the node does not have. */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder, type Running, stop } from './fedow.ts'

const PLACES = ['Bar du Port', 'La Raffinerie', 'Le Quai', 'La Halle'] as const
const [BAR, RAFFINERIE, QUAI] = PLACES
const TEXT = '# The roof\n\nIt leaks. \u{1b}[31mRed\u{1b}[0m\n'

let folder: Folder
let node: Running

/** The key of the person who answers for a place. */
function keyOf(place: string): string {
  return folder.beside(`${place}.pem`)
}

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  for (const place of PLACES) {
    await folder.ask('place', 'create', place)
    await folder.ask('key', 'new', keyOf(place))
    await folder.ask('key', 'add', '--place', place, '--file', keyOf(place))
  }
  writeFileSync(folder.beside('roof.md'), TEXT)
}, 300_000)

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

const operatorKey = () => `${folder.path}/keys/operator.pem`
const bySigning = (place: string) => ['--place', place, '--sign', keyOf(place)]
const grant = ['--fund', 'commons', '--to', RAFFINERIE, '--asset', 'FED', '--amount', '300']

describe('places that decide together', () => {
  let proposal: string

  it('are admitted by the operator at first', { timeout: 300_000 }, async () => {
    const none = await folder.run('proposal', 'voters')
    expect(none.stdout).toContain('No place votes yet. The operator admits the first 4')
    const wrong = await folder.run('place', 'admit', BAR, '--sign', keyOf(BAR))
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('lacks the right')])
    for (const place of PLACES) {
      const admitted = await folder.run('place', 'admit', place, '--sign', operatorKey())
      expect(admitted.stdout).toContain(`${place} votes from now on`)
    }
    const voters = await folder.ask('proposal', 'voters')
    expect(voters).toMatchObject({ founded: true, places: PLACES.map((name) => ({ name })) })
  })

  it('hear what would come of a proposal before anything is sent', {
    timeout: 300_000,
  }, async () => {
    const dry = await folder.run('proposal', 'open', 'grant', '--place', BAR, ...grant, '--dry')
    expect(dry.stdout.split('\n')).toEqual([
      '300.00 FED go from the fund commons to La Raffinerie.',
      'In the fund commons there are 0.00 FED now, of which 0.00 FED are voted.',
      '300.00 FED are missing today: unless more comes in before it applies, the grant fails and moves nothing.',
      'At least 2 of 4 places must vote; of those that say yes or no, more than half must say yes.',
      expect.stringMatching(
        /^Votes count until \w+day \d.* UTC\. If it passes, it applies by itself on .* UTC\.$/,
      ),
      'Nothing was sent.',
      '',
    ])
    const admit = ['proposal', 'open', 'admit', '--place', BAR, '--about', QUAI, '--dry']
    const refused = await folder.run(...admit)
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('Le Quai is one of the places that vote. There is nothing to do.'),
    ])
    for (const [odd, said] of [
      [['grant', '--fund', 'commons'], 'Missing: --to, --asset, --amount'],
      [['admit', '--about', QUAI, '--rules', '2'], 'Not with it: --rules'],
      [['war'], 'no kind of proposal'],
      [['parameter', '--name', 'voteMs', '--value', '30m'], 'expected'],
      [['grant', ...grant], '--sign and --text are needed'],
    ] as const) {
      const ended = await folder.run('proposal', 'open', ...odd, '--place', BAR)
      expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(said)])
    }
    const policy = ['--asset', 'FED', '--melting', 'cooperative', '--from', '200d', '--dry']
    const terms = await folder.run('proposal', 'open', 'policy', '--place', BAR, ...policy)
    expect(terms.stdout).toMatch(
      /^Terms of Euro fédéré after version 1, from .*: melting: from never/,
    )
    expect((await folder.run('proposal', 'list')).stdout).toBe('No such proposal.\n')
  })

  it('open, read and vote', { timeout: 300_000 }, async () => {
    const text = ['--text', folder.beside('roof.md')]
    const opened = await folder.run(
      'proposal',
      'open',
      'grant',
      ...grant,
      ...bySigning(BAR),
      ...text,
    )
    expect(opened.stderr).toBe('')
    proposal = /^Proposal (\S+) of Bar du Port is open/.exec(opened.stdout)?.[1] ?? ''
    expect(opened.stdout).toContain('300.00 FED go from the fund commons to La Raffinerie.')
    expect(opened.stdout).toContain(`Vote: fedow vote cast ${proposal} yes`)

    const asNode = ['--place', QUAI, '--sign', `${folder.path}/keys/node.pem`]
    expect((await folder.run('vote', 'cast', proposal, 'yes', ...asNode)).code).toBe(1)
    const cast = await folder.run('vote', 'cast', proposal, 'no', ...bySigning(QUAI))
    expect(cast.stdout).toMatch(/^Le Quai votes no \(tx .*\): 300\.00 FED go from/)
    await folder.ask('vote', 'cast', proposal, 'yes', ...bySigning(QUAI))
    const voted = await folder.run('vote', 'cast', proposal, 'yes', ...bySigning(BAR))
    expect(voted.stdout).toContain('2 yes, 0 no, 0 abstain, of 4 places. If nothing changes it')
    expect((await folder.run('vote', 'cast', proposal, 'maybe', ...bySigning(BAR))).code).toBe(2)
    expect((await folder.run('vote', 'cast', '42', 'yes', ...bySigning(BAR))).code).toBe(2)

    const shown = await folder.run('proposal', 'show', proposal)
    expect(shown.stdout).toMatch(/^ {2}Le Quai +yes +\w+day/m)
    expect(shown.stdout).toMatch(/^ {2}La Halle +has not voted$/m)
    expect(shown.stdout).toContain('# The roof\n\nIt leaks. \u{fffd}[31mRed')
    expect(await folder.ask('proposal', 'show', proposal)).toMatchObject({ body: TEXT })
    const list = await folder.run('proposal', 'list', '--status', 'open')
    expect(list.stdout).toContain('2 yes, 0 no, 0 abstain of 4')
    writeFileSync(folder.beside('other.md'), 'Other.')
    const other = await folder.run('proposal', 'text', proposal, folder.beside('other.md'))
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('this is another')])
  })

  it('find it in their histories, in funds and in the journal', { timeout: 300_000 }, async () => {
    const { stdout } = await folder.run('history', '--place', BAR)
    const short = proposal.slice(-8)
    expect(stdout).toMatch(new RegExp(`vote +0\\.00 FED +Bar du Port, proposal …${short}$`, 'm'))
    expect(stdout).toMatch(
      new RegExp(`proposal +0\\.00 FED +Bar du Port, proposal …${short}$`, 'm'),
    )
    const funds = await folder.run('fund', 'list')
    expect(funds.stdout).toMatch(/^commons \(.*\)\n {2}Nothing came in yet\.\n\nmaintenance/)
    const journal = await folder.run('export', 'hledger')
    expect(journal.stdout).toMatch(/^\d{4}-\d\d-\d\d PRP \d+ /m)
    expect(journal.stdout).toMatch(/^\d{4}-\d\d-\d\d VOT \d+ /m)
  })
})

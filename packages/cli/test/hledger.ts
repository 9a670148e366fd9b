/** Another program, by other people, that counts the balances of an exported book. */
import { execFileSync, spawnSync } from 'node:child_process'

/** Without it there is nothing to compare with. */
export const HAS_HLEDGER = spawnSync('hledger', ['--version']).status === 0

/** Hundredths by `account code asset`, as hledger counts them. */
export function balances(file: string): Map<string, number> {
  const csv = execFileSync(
    'hledger',
    ['-f', file, 'balance', '--flat', '--empty', '--no-total', '-O', 'csv', '--layout=bare'],
    { encoding: 'utf8' },
  )
  const counted = new Map<string, number>()
  for (const line of csv.trim().split('\n').slice(1)) {
    const [, account = '', commodity = '', amount = ''] = /^"(.*)","(.*)","(.*)"$/.exec(line) ?? []
    if (commodity !== '') counted.set(`${account} ${commodity}`, Math.round(Number(amount) * 100))
  }
  return counted
}

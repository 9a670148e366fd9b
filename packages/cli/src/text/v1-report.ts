import { toDecimal, toMoment, toPrintable } from '@fedow/api'
import { type FindingGroup, groupV1Findings, type V1Report } from '@fedow/node'
import { toTable } from './table.ts'

/** How much of each kind of finding is shown. */
export interface Showing {
  /** Findings of one kind; the rest is counted. */
  readonly most: number
}

/** The report of a dry run, for a person. */
export function tellV1Report(report: V1Report, showing: Showing): string {
  const groups = groupV1Findings(report.findings)
  const open = groups.filter(({ decide }) => decide !== undefined)
  const known = groups.filter(({ decide }) => decide === undefined)
  const parts = [
    toHead(report),
    toAssets(report),
    ...(open.length > 0 ? ['A PERSON DECIDES', ...open.map((one) => toGroup(one, showing))] : []),
    ...(known.length > 0 ? ['TO KNOW', ...known.map((one) => toGroup(one, showing))] : []),
    ...(groups.length === 0 ? ['Nothing odd was found.'] : []),
  ]
  return parts.join('\n\n')
}

function toHead({ file, domain, readMs, counts, actions, secrets }: V1Report): string {
  const count = (name: string): number => counts[name] ?? 0
  const written = Object.entries(actions).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const copied = file.isCopy ? ', read in a copy: v1 was stopped in the middle of its work' : ''
  const moment =
    file.copiedMs === undefined
      ? ''
      : `\nCopied from the server at ${toMoment(file.copiedMs)}: what v1 wrote after that is not in it.`
  return `${file.name}: Fedow v1 of ${toPrintable(domain)}, ${file.bytes} bytes, read ${toMoment(readMs)}${copied}${moment}
sha256 ${file.sha256}
${count('place')} places, ${count('fedowuser')} persons, ${count('wallet')} wallets, ${count('card')} cards, ${count('asset')} assets, ${count('federation')} federations, ${count('checkoutstripe')} checkouts, ${count('organizationapikey')} keys of places
${count('transaction')} lines: ${written.map(([action, lines]) => `${action} ${lines}`).join(', ')}
Encrypted columns: ${secrets.opened} opened, ${secrets.closed} not
Nothing was changed: this is what an import would bring.`
}

function toAssets({ assets }: V1Report): string {
  const heads = ['asset', 'kind', 'issued', 'deposited', 'burnt', 'by the lines', 'held', 'gap']
  const rows = assets
    .filter(({ lines, held }) => lines > 1 || held !== 0n)
    .map((asset) => {
      const { issued, deposited, burnt, ledger, held, difference } = asset
      const sums = [issued, deposited, burnt, ledger, held, difference].map(toDecimal)
      return [toPrintable(asset.name), asset.category, ...sums]
    })
  const idle = assets.length - rows.length
  const more = idle === 0 ? '' : `\nand ${idle} with a first line only`
  return `${toTable([heads, ...rows], { right: [2, 3, 4, 5, 6, 7] })}${more}`
}

function toGroup(group: FindingGroup, { most }: Showing): string {
  const { code, title, count, amount, done, decide, findings } = group
  const sum = amount === undefined || amount === 0n ? '' : `, ${toDecimal(amount)}`
  const shown = findings
    .slice(0, most)
    .flatMap((finding) => [
      `  - ${finding.amount === undefined ? '' : `${toDecimal(finding.amount)}  `}${finding.detail}`,
      `    ${toSubjects(finding.subjects)}`,
    ])
  const left = count - Math.min(count, most)
  return [
    `${title}: ${count}${sum} (${code})`,
    `  Done: ${done}`,
    ...(decide === undefined ? [] : [`  Decide: ${decide}`]),
    ...shown,
    ...(left === 0 ? [] : [`  - and ${left} more; --report FILE has them all`]),
  ].join('\n')
}

function toSubjects(subjects: FindingGroup['findings'][number]['subjects']): string {
  return Object.entries(subjects)
    .map(([what, ids]) => `${what} ${typeof ids === 'string' ? ids : ids.join(' ')}`)
    .join(', ')
}

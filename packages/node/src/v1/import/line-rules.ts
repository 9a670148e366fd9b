/** The rules that v1 checks when it writes a line, as far as the line itself still shows them. */
import type { V1Line } from './rows.ts'
import type { V1World } from './v1-world.ts'

type Rule = (line: V1Line, world: V1World) => string | undefined

const spending: Rule = ({ from, to }, world) => {
  if (!world.isPlace(to)) return 'it is paid to a wallet of no place'
  if (world.isPlace(from) || world.isPrimary(from)) return 'it is paid by a place'
  return undefined
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [
    'FST',
    ({ from, to }) => (from === to ? undefined : 'a first line goes from a wallet to itself'),
  ],
  ['CRE', minting],
  ['REF', refill],
  ['SAL', spending],
  ['QRS', spending],
  ['SUB', membership],
  ['BDG', () => undefined],
  [
    'FUS',
    ({ card }) => (card === undefined ? 'a fusion names the card that was linked' : undefined),
  ],
  ['RFD', refund],
  ['BNK', deposit],
  ['COR', () => undefined],
])

/** Why v1 should have refused it, as the end of a sentence; undefined when nothing shows that. */
export function brokenRule(line: V1Line, world: V1World): string | undefined {
  const rule = RULES.get(line.action)
  return rule === undefined
    ? `v1 has no action "${line.action}" that writes lines`
    : rule(line, world)
}

function minting({ from, to, asset }: V1Line, world: V1World): string | undefined {
  if (from !== to) return 'money is made in one wallet, it does not move'
  return from === issuerOf(asset, world) ? undefined : 'it is not made by the origin of the asset'
}

function refill({ from, to, asset }: V1Line, world: V1World): string | undefined {
  if (from !== issuerOf(asset, world)) return 'it does not come from the origin of the asset'
  const isOwn = world.isPlace(to) || world.isPrimary(to)
  return isOwn ? 'a place or the primary wallet was refilled' : undefined
}

function membership({ from, asset }: V1Line, world: V1World): string | undefined {
  if (world.assets.get(asset)?.category !== 'SUB') return 'the asset is no membership'
  return world.isPlace(from) ? undefined : 'it is not sold by a place'
}

function refund({ to, asset }: V1Line, world: V1World): string | undefined {
  if (world.assets.get(asset)?.category === 'FED') return undefined
  return to === issuerOf(asset, world)
    ? undefined
    : 'it is not the origin of the asset that took it back'
}

function deposit({ from, to }: V1Line, world: V1World): string | undefined {
  if (!world.isPlace(from)) return 'it is not a place that handed it in'
  return world.isPrimary(to) ? undefined : 'it is not handed in to the primary wallet'
}

function issuerOf(asset: string, world: V1World): string | undefined {
  return world.assets.get(asset)?.origin
}

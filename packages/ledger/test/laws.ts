/** What is true of every book at every moment, whoever asked for whatever. Each law answers what breaks it. */
import {
  type Account,
  DUE_FROM_KEEPER,
  decodeRejected,
  encode,
  encodeOutcome,
  fromRecordKey,
  type Hash,
  isAccepted,
  isAmount,
  issuanceWalletId,
  type Line,
  lineHash,
  type MemoryState,
  ONLY,
  type Outcome,
  type PlaceId,
  RECORDS,
  reserveSum,
  type WalletId,
} from '../src/index.ts'

export type Snapshot = ReadonlyMap<string, object>

/** Records are values, so a copy of the map is a picture of the state. */
export function snapshot(state: MemoryState): Snapshot {
  return new Map(state.all())
}

/** Keys of records that were written or removed since, whatever their value. */
export function touched(before: Snapshot, after: Snapshot): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].filter((key) => before.get(key) !== after.get(key))
}

/** Every record has its shape, and its JSON says all of it. */
export function brokenShapes(state: MemoryState, keys: Iterable<string>): readonly string[] {
  const all = state.all()
  return [...keys].flatMap((key) => {
    const record = all.get(key)
    if (record === undefined) return []
    try {
      const json = encode(record)
      const again = RECORDS[fromRecordKey(key).kind](JSON.parse(json), key)
      return encode(again) === json ? [] : [`${key} loses something: ${json}`]
    } catch (cause) {
      return [`${key} has not its shape: ${JSON.stringify(cause, Object.keys(cause as object))}`]
    }
  })
}

/** Money is conserved, floors hold, holds are backed, FED is backed by euros. */
export function brokenMoney(state: MemoryState, hash: Hash): readonly string[] {
  const broken: string[] = []
  const totals = new Map<string, bigint>()
  const held = new Map<string, bigint>()
  for (const { record } of state.entries('hold')) {
    const account = `${record.from}/${record.asset}`
    held.set(account, (held.get(account) ?? 0n) + record.amount)
  }
  const [{ record: params } = { record: undefined }] = state.entries('params')
  for (const { record } of state.entries('payout')) {
    const account = `${record.wallet}/${params?.fed}`
    held.set(account, (held.get(account) ?? 0n) + record.amount)
  }
  for (const { id, record } of state.entries('account')) {
    const [, asset = ''] = id.split('/')
    totals.set(asset, (totals.get(asset) ?? 0n) + record.balance)
    broken.push(...brokenAccount(state, id, record))
    if (record.held !== (held.get(id) ?? 0n)) broken.push(`${id} holds ${record.held}`)
    held.delete(id)
  }
  for (const id of held.keys()) broken.push(`${id} has a hold and no account`)
  for (const [asset, total] of totals) {
    if (total !== 0n) broken.push(`${asset} sums to ${total}`)
  }
  const { fedIssued, eurIssued } = reserveSum(state, hash)
  if (fedIssued !== eurIssued) broken.push(`${fedIssued} FED, ${eurIssued} EUR`)
  // What was out there when a book was imported may be more than any cap, and what is attested has none.
  const isOver = fedIssued > largest(state, 'fedCap') + largest(state, 'dueCap')
  const isAttested = !state.entries('statement').next().done
  if (isOver && !wasImported(state) && !isAttested) broken.push('more FED than the cap')
  return broken

  function brokenAccount(of: MemoryState, id: string, { balance, held }: Account): string[] {
    const [wallet = '', asset = ''] = id.split('/')
    const kind = of.get('wallet', wallet)?.kind
    const isMutual = of.get('asset', asset)?.kind === 'MUT'
    if (isMutual && kind === 'issuance' && balance !== 0n) return [`${asset} was made by somebody`]
    const mayOwe = isMutual && of.get('credit', id) !== undefined
    const isDebt = mayOwe && (kind === 'person' || kind === 'place') && isAmount(-balance)
    const isInRange = kind === 'issuance' ? isAmount(-balance) : isAmount(balance) || isDebt
    if (!isInRange) return [`${id} of a wallet ${kind} has ${balance}`]
    return held > 0n && held > balance ? [`${id} holds more than it has`] : []
  }
}

/** The largest value that a cap ever had: a vote may lower it below what is out there. */
function largest(state: MemoryState, name: 'fedCap' | 'dueCap'): bigint {
  const [params] = state.entries('params')
  const now = params?.record[name] ?? 0n
  const before = [...state.entries('proposal')].map(({ id, record: { what } }) => {
    const isApplied = state.get('ballot', id)?.status === 'applied'
    const isAbout = what.kind === 'parameter' && what.name === name
    return isApplied && isAbout ? BigInt(what.before ?? 0) : 0n
  })
  return before.reduce((most, one) => (one > most ? one : most), now)
}

/** An imported registry is as it was there: names may meet, and an asset may be shared by no member. */
function wasImported(state: MemoryState): boolean {
  return state.get('import', ONLY) !== undefined
}

/** Lists that are kept on both sides say the same. */
export function brokenRegistry(state: MemoryState, hash: Hash): readonly string[] {
  const broken: string[] = []
  const check = (isRight: boolean | undefined, what: string) => {
    if (isRight !== true) broken.push(what)
  }
  for (const { id } of state.entries('account')) {
    const [wallet = '', asset = ''] = id.split('/')
    const owner = state.get('wallet', wallet)
    if (owner?.kind === 'keeper') continue
    const list = owner?.assets ?? []
    check(list.filter((one) => one === asset).length === 1, `the wallet of ${id} does not list it`)
  }
  for (const { id, record } of state.entries('wallet')) {
    for (const asset of record.assets) {
      check(state.get('account', `${id}/${asset}`) !== undefined, `${id} lists ${asset}`)
    }
    for (const kid of record.keys ?? []) checkKey(kid, `wallet/${id}`)
  }
  for (const { id, record } of state.entries('asset')) {
    const issuance = issuanceWalletId(hash, id as Parameters<typeof issuanceWalletId>[1])
    check(state.get('wallet', issuance)?.kind === 'issuance', `${id} has no issuance wallet`)
    check(new Set(record.sharedIn).size === record.sharedIn.length, `${id} is shared twice`)
    for (const one of record.sharedIn) {
      const { assets = [], places = [] } = state.get('federation', one) ?? {}
      check((assets as readonly string[]).includes(id), `${one} lacks its asset ${id}`)
      const { issuer } = record
      const isMember = issuer !== undefined && places.includes(issuer)
      check(isMember || wasImported(state), `${id} is shared by no member`)
    }
    const starts = record.policies.map(({ fromMs }) => fromMs)
    check(
      starts.every((start, n) => start >= (starts[n - 1] ?? 0)),
      `policies of ${id} go back`,
    )
    check(
      record.policies.every(({ version }, n) => version === n + 1),
      `versions of ${id}`,
    )
  }
  for (const { id, record } of state.entries('federation')) {
    const { places, invited, assets } = record
    for (const list of [places, invited, assets] as readonly (readonly string[])[]) {
      check(new Set(list).size === list.length, `${id} lists one twice`)
    }
    for (const one of places) {
      const federations: readonly string[] = state.get('place', one)?.federations ?? []
      check(federations.includes(id) && !invited.includes(one), `${one} is no member of ${id}`)
    }
    for (const one of assets) {
      const sharedIn: readonly string[] = state.get('asset', one)?.sharedIn ?? []
      check(sharedIn.includes(id), `${one} is not shared in ${id}`)
    }
  }
  for (const { id } of state.entries('subscription')) {
    check(state.get('account', id) !== undefined, `the membership ${id} has no account`)
  }
  checkPlaces()
  checkCards()
  checkReserve()
  for (const { id, record } of state.entries('node')) {
    check(record.keys.length > 0, `the node ${id} has no key`)
    for (const kid of record.keys) checkKey(kid, `node/${id}`)
  }
  for (const { id, record } of state.entries('key')) {
    const subjects = record.roles.map(({ on }) => on)
    check(new Set(subjects).size === subjects.length, `${id} has two roles on one subject`)
  }
  return broken

  function checkKey(kid: string, on: string): void {
    const roles = state.get('key', kid)?.roles ?? []
    check(roles.filter((role) => role.on === on).length === 1, `${kid} has no role on ${on}`)
  }

  function checkPlaces(): void {
    const named = new Map([...state.entries('place-name')].map(({ record }) => [record.place, 1]))
    for (const { id, record } of state.entries('place')) {
      check(named.delete(id as PlaceId), `${id} has no name`)
      const wallet = state.get('wallet', record.wallet)
      check(wallet?.kind === 'place' && wallet.place === id, `${id} has no wallet of its own`)
      for (const one of record.federations) {
        const places: readonly string[] = state.get('federation', one)?.places ?? []
        check(places.includes(id), `${one} lacks its member ${id}`)
      }
      for (const kid of record.keys) checkKey(kid, `place/${id}`)
      checkNames(id as PlaceId)
    }
    check(named.size === 0, 'a name is of no place')
  }

  /** At a till, two moneys are told apart by name. */
  function checkNames(id: PlaceId): void {
    const record = state.get('place', id)
    if (record === undefined) return
    const names = [...state.entries('asset')]
      .filter(({ record: asset }) => asset.kind !== 'EUR' && isAccepted(asset, { id, record }))
      .map(({ record: asset }) => asset.name)
    if (wasImported(state)) return
    check(new Set(names).size === names.length, `${id} accepts two of ${names.sort().join()}`)
  }

  function checkReserve(): void {
    const listed = (state.get('reserve', ONLY)?.accounts ?? []).map(({ name }) => name)
    const wallets = [...state.entries('wallet')].filter(({ record }) => record.kind === 'reserve')
    const named = wallets.map(({ record }) => record.name ?? '')
    const wanted = [DUE_FROM_KEEPER, ...listed]
    check(encode(named.toSorted()) === encode(wanted.toSorted()), `the reserve lists ${listed}`)
    for (const { id } of state.entries('statement')) {
      check(listed.includes(id), `a statement is of ${id}`)
    }
  }

  function checkCards(): void {
    const counts = new Map<string, number>()
    for (const { id, record } of state.entries('card')) {
      counts.set(record.batch, (counts.get(record.batch) ?? 0) + 1)
      const { person, status, primary, counter } = record
      const kind = person === undefined ? undefined : state.get('wallet', person)?.kind
      check(person === undefined || kind === 'person', `${id} is linked to a wallet ${kind}`)
      const isBare = person === undefined && primary.length === 0 && counter > 0
      check(status === 'live' || isBare, `${id} is lost and keeps something`)
      check(new Set(primary).size === primary.length, `${id} is primary twice`)
    }
    for (const { id, record } of state.entries('batch')) {
      check(counts.get(id) === record.registered, `${id} counts ${record.registered} cards`)
      check(record.registered <= record.count, `${id} has too many cards`)
    }
  }
}

/** Lines are numbered, timed and chained; each account's pointers visit its own lines, all of them. */
export function brokenLines(
  state: MemoryState,
  hash: Hash,
  lines: readonly Line[],
): readonly string[] {
  const broken: string[] = []
  const heads = new Map<string, Line>()
  const visits = new Map<string, number[]>()
  const before = { own: -1, imported: -1 }
  for (const [index, line] of lines.entries()) {
    if (line.number !== index + 1) broken.push(`line ${index + 1} has the number ${line.number}`)
    // Lines of another book keep its times, which order nothing here and raise no clock.
    const isOwn = line.imported === undefined
    const last = isOwn ? before.own : before.imported
    if (isOwn ? last >= line.timeUs : last > line.timeUs) broken.push(`line ${line.number}: time`)
    before[isOwn ? 'own' : 'imported'] = line.timeUs
    if (!isOwn && line.id !== line.imported?.id) broken.push(`line ${line.number}: id`)
    const head = heads.get(line.asset)
    if (line.seq !== (head?.seq ?? 0) + 1) broken.push(`line ${line.number}: seq`)
    if (line.hash !== lineHash(hash, head?.hash, line)) broken.push(`line ${line.number}: hash`)
    heads.set(line.asset, line)
    for (const wallet of new Set([line.from, line.to])) {
      const account = `${wallet}/${line.asset}`
      visits.set(account, [...(visits.get(account) ?? []), line.number])
    }
  }
  for (const [asset, { seq, hash: last }] of heads) {
    const head = state.get('head', asset)
    if (head?.seq !== seq || head.hash !== last) broken.push(`the head of ${asset}`)
  }
  if (state.get('clock', ONLY)?.timeUs !== before.own) broken.push('the clock')
  if ([...state.entries('head')].length !== heads.size) broken.push('a head has no line')
  for (const { id, record } of state.entries('account')) {
    const walked = walkBack(lines, id, record.last).toReversed()
    if (encode(walked) !== encode(visits.get(id) ?? [])) broken.push(`the history of ${id}`)
  }
  return broken
}

function walkBack(lines: readonly Line[], account: string, last: number): readonly number[] {
  const [wallet, asset] = account.split('/')
  const walked: number[] = []
  for (let number = last; number > 0 && walked.length <= lines.length; ) {
    walked.push(number)
    const line = lines[number - 1]
    if (line === undefined || line.asset !== asset) return walked
    number = line.from === (wallet as WalletId) ? line.previousFrom : line.previousTo
  }
  return walked
}

/** The outcome has its bytes, and those of a rejection say all of it. */
export function brokenOutcome(outcome: Outcome): readonly string[] {
  const json = encodeOutcome(outcome)
  if (outcome.status === 'applied') return []
  const again = encodeOutcome(decodeRejected(json))
  return again === json ? [] : [`${json} reads back as ${again}`]
}

/** The first bytes of a book: who founds it, its euro, its funds, its parameters. Source: docs/spec/genesis.md. */
import { ZERO } from './amount.ts'
import { apply } from './apply.ts'
import { assert } from './assert.ts'
import type { Subject } from './authority.ts'
import { fromBase64url, fromUtf8, toHex, toUtf8 } from './bytes.ts'
import { decode, encode } from './codec.ts'
import { demurrage, LAW_USUAL, lawFault, meltLaw } from './commons/demurrage.ts'
import { EPOCH_DAYS, VOTE_STEP_MS } from './commons/parameters.ts'
import type { Effects } from './context.ts'
import type { Hash } from './hash.ts'
import {
  type AssetId,
  assetId,
  type ChainId,
  deriveId,
  issuanceWalletId,
  type Kid,
  nodeId,
  type TxId,
  type WalletId,
  walletId,
} from './ids.ts'
import { GENESIS_LINES, type Line, type LineDraft } from './line.ts'
import { DUE_FROM_KEEPER, reserveWalletId } from './money/reserve.ts'
import { type Asset, ONLY, type Params } from './records.ts'
import { usualTerms } from './registry/asset-create.ts'
import type { Capability } from './rejection.ts'
import {
  amount,
  array,
  literal,
  Malformed,
  name,
  type Of,
  object,
  optional,
  timeMs,
} from './shape.ts'
import { isStrictKey, publicKey, toKid } from './signature.ts'
import type { State } from './state/reader.ts'

const genesisShape = object({
  v: literal(1),
  network: name(100),
  timeMs,
  /** Signs this genesis; admits nodes. */
  operator: publicKey,
  /** Issues FED with evidence. */
  keeper: publicKey,
  /** Signs sealed blocks. */
  checkpoint: publicKey,
  node: object({ id: nodeId, name: name(100), x: publicKey }),
  fed: object({
    id: assetId,
    name: name(100),
    code: name(3),
    /** How it melts from the first day on; absent: not before places vote it. */
    demurrage: optional(demurrage),
  }),
  eur: assetId,
  /** The primary wallet: federated money enters and leaves through it. */
  wallet: walletId,
  funds: array(object({ wallet: walletId, name: name(64) }), { min: 0, max: 16 }),
  parameters: object({
    fedCap: amount,
    dueCap: amount,
    placeHourCeiling: optional(amount),
    epochDays: optional(EPOCH_DAYS),
    meltLaw: optional(meltLaw),
    issueDayMax: optional(amount),
    twoKeepersAbove: optional(amount),
    voteMs: optional(VOTE_STEP_MS),
    delayMs: optional(VOTE_STEP_MS),
  }),
})
export type Genesis = Of<typeof genesisShape>

/** A genesis as written: the operator's JWS over its canonical JSON. */
export interface SignedGenesis {
  readonly jws: string
  readonly genesis: Genesis
  readonly json: string
  readonly kid: Kid
  readonly signature: Uint8Array
  readonly chain: ChainId
}

/** The canonical JSON of a genesis. */
export function encodeGenesis(genesis: Omit<Genesis, 'v'>): string {
  return encode({ v: 1, ...genesis })
}

/** The first 16 bytes of the SHA-256 of the genesis' compact JWS. */
export function chainIdOf(hash: Hash, jws: string): ChainId {
  return toHex(hash(toUtf8(jws)).slice(0, 16)) as ChainId
}

/** Reads a genesis strictly. The caller checks the signature with the operator's key. */
export function parseGenesis(hash: Hash, jws: string): SignedGenesis | Malformed {
  const [header = '', body = '', seal = '', ...more] = jws.split('.')
  const signature = fromBase64url(seal)
  const bytes = fromBase64url(body)
  const json = bytes && fromUtf8(bytes)
  if (more.length > 0 || signature === undefined || json === undefined) {
    return new Malformed('$', 'a compact JWS')
  }
  try {
    const genesis = genesisShape(decode(json), '')
    const keys = [genesis.operator, genesis.keeper, genesis.checkpoint, genesis.node.x]
    if (!keys.every(isStrictKey)) return new Malformed('keys', 'Ed25519 keys of prime order')
    const { fed, eur, wallet, funds, parameters } = genesis
    const law = parameters.meltLaw ?? LAW_USUAL
    const fault = fed.demurrage && lawFault('FED', fed.demurrage, law)
    if (fault !== undefined) return new Malformed('fed.demurrage', 'lawful terms')
    const ids = [fed.id, eur, wallet, ...funds.map((fund) => fund.wallet)]
    if (new Set(ids).size !== ids.length) return new Malformed('ids', 'each id once')
    const kid = toKid(hash, genesis.operator)
    const wanted = `{"alg":"Ed25519","kid":"${kid}"}`
    const actual = fromBase64url(header)
    if (actual === undefined || fromUtf8(actual) !== wanted) {
      return new Malformed('header', 'the operator key that the genesis names')
    }
    return { jws, genesis, json, kid, signature, chain: chainIdOf(hash, jws) }
  } catch (cause) {
    if (cause instanceof Malformed) return cause
    throw cause
  }
}

/** Most FED in circulation while nobody attests the bank's side: 10,000.00. */
export const FED_CAP_USUAL = 1_000_000n

/** Most that a keeper may owe the reserve: 500.00. */
export const DUE_CAP_USUAL = 50_000n

/** The id under which the lines of a genesis stand. */
export function genesisTxId(hash: Hash, chain: ChainId): TxId {
  return deriveId<TxId>(hash, 'genesis', Uint8Array.fromHex(chain))
}

/** Writes the first state, and its lines: the FST of FED and of the reserve's EUR. */
export function applyGenesis(
  state: State,
  hash: Hash,
  { genesis, chain, jws }: Pick<SignedGenesis, 'genesis' | 'chain' | 'jws'>,
): readonly Line[] {
  const { fed, eur, wallet, timeMs } = genesis
  const due = reserveWalletId(hash, DUE_FROM_KEEPER)
  state.put('clock', ONLY, { line: 0, timeUs: 0 })
  const first = (asset: AssetId, of: WalletId): LineDraft => ({
    action: 'FST',
    asset,
    from: of,
    to: of,
    amount: ZERO,
  })
  putKeys(state, hash, genesis)
  const { parameters, network } = genesis
  const keys = [toKid(hash, genesis.operator), toKid(hash, genesis.keeper)]
  state.put('params', ONLY, {
    network,
    chain,
    fed: fed.id,
    eur,
    keeper: wallet,
    due,
    keys,
    ...fundsOf(genesis),
    ...parameters,
  })
  const effects: Effects = {
    changes: [
      { kind: 'asset', id: fed.id, record: toAsset('FED', fed, timeMs) },
      { kind: 'asset', id: eur, record: toAsset('EUR', EURO, timeMs) },
      { kind: 'wallet', id: wallet, record: { kind: 'keeper', assets: [] } },
      { kind: 'wallet', id: due, record: { kind: 'reserve', name: DUE_FROM_KEEPER, assets: [] } },
      ...[fed.id, eur].map((asset) => ({
        kind: 'wallet' as const,
        id: issuanceWalletId(hash, asset),
        record: { kind: 'issuance' as const, assets: [] },
      })),
      ...genesis.funds.map((fund) => ({
        kind: 'wallet' as const,
        id: fund.wallet,
        record: { kind: 'fund' as const, name: fund.name, assets: [] },
      })),
    ],
    lines: [first(fed.id, wallet), first(eur, due)],
  }
  const origin = { tx: genesisTxId(hash, chain), bytes: toUtf8(jws), actionIndex: 0 }
  const lines = apply(state, { hash, timeMs }, { effects, origin })
  assert(lines.length === GENESIS_LINES, 'a genesis writes the first line of its two assets')
  return lines
}

/** The funds that shares of what melts go to, by their names. */
function fundsOf({ funds }: Genesis): Pick<Params, 'commons' | 'maintenance'> {
  const named = (name: string) => funds.find((fund) => fund.name === name)?.wallet
  const [commons, maintenance] = [named('commons'), named('maintenance')]
  return { ...(commons && { commons }), ...(maintenance && { maintenance }) }
}

function putKeys(state: State, hash: Hash, { operator, keeper, node }: Genesis): void {
  const nodeKid = toKid(hash, node.x)
  const roles: readonly (readonly [string, Subject, readonly Capability[]])[] = [
    [operator, 'network', ['admin', 'host', 'propose']],
    [keeper, 'network', ['issue']],
    [node.x, `node/${node.id}`, ['spend']],
  ]
  for (const [x, on, can] of roles) {
    const kid = toKid(hash, x)
    const before = state.get('key', kid)?.roles ?? []
    state.put('key', kid, { x, roles: [...before, { on, can }] })
  }
  state.put('node', node.id, { name: node.name, can: ['host'], keys: [nodeKid] })
}

const EURO = { name: 'Euro', code: 'EUR' }

function toAsset(
  kind: 'FED' | 'EUR',
  { name, code, demurrage }: Pick<Genesis['fed'], 'name' | 'code' | 'demurrage'>,
  timeMs: number,
): Asset {
  const terms = { ...usualTerms('FED'), ...(demurrage && { demurrage }) }
  return {
    kind,
    name,
    code,
    minorPerUnit: 100,
    archived: false,
    sharedIn: [],
    policies: [{ version: 1, fromMs: timeMs, ...terms }],
    createdUs: timeMs * 1_000,
  }
}

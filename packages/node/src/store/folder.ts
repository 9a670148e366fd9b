/**
 * A data folder:
 *
 *   genesis.jws           the first bytes of the book
 *   ledger.db, people.db  the book; what only this node knows
 *   v1.db                 what only the clients of v1 know
 *   payments.db           payments through a provider, on their way to the book
 *   texts/*.txt           what people read before they vote, by its hash
 *   keys/*.pem            operator, keeper, node, checkpoint, witness, and v1 when Lespass has asked for it (mode 0600)
 *   node.lock, node.sock  one process, and how the command line reaches it
 */
import { createPublicKey, randomUUID, verify as verifySignature } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Amount,
  type AssetId,
  type Demurrage,
  DUE_CAP_USUAL,
  encodeGenesis,
  FED_CAP_USUAL,
  type Genesis,
  type Id,
  Malformed,
  type NodeId,
  parseGenesis,
  type SignedGenesis,
  toSigningInput,
  type WalletId,
} from '@fedow/ledger'
import { Book, genesisInBook } from './book.ts'
import { writeNewFile } from './durable-file.ts'
import { sha256 } from './hash.ts'
import { SigningKey } from './key-file.ts'

/** The keys of a folder, by the file that holds them. The genesis names all but the last. */
export const KEY_NAMES = ['operator', 'keeper', 'node', 'checkpoint', 'witness'] as const
export type KeyName = (typeof KEY_NAMES)[number]
export type FolderKeys = Readonly<Record<KeyName, SigningKey>>

export interface NewNetwork {
  readonly network: string
  readonly timeMs: number
  /** Absent: new ids, and the usual cap. A network that another book is brought into keeps what its people know. */
  readonly fed?: Genesis['fed'] | undefined
  readonly wallet?: WalletId | undefined
  readonly fedCap?: Amount | undefined
  /** How federated euros melt from the first day on; absent: not before places vote it. */
  readonly melting?: Demurrage | undefined
  /** Absent: no limit. */
  readonly issueDayMax?: Amount | undefined
  readonly twoKeepersAbove?: Amount | undefined
}

/** The last file of a folder: one with it is complete. */
export const GENESIS_FILE = 'genesis.jws'

export function keyPath(folder: string, name: KeyName): string {
  return join(folder, 'keys', `${name}.pem`)
}

/** True when the folder has a book's genesis. */
export function hasGenesis(folder: string): boolean {
  return existsSync(join(folder, GENESIS_FILE))
}

/**
 * Makes keys, book and genesis of a network of one. The genesis is written last: a folder with it is complete. A
 * book that is there without it is kept: its first try was interrupted, or its genesis was lost.
 */
export function initFolder(folder: string, network: NewNetwork): SignedGenesis {
  if (hasGenesis(folder)) throw new Error(`${folder} has a book already; nothing was changed.`)
  // Rows of wallets are not public: the whole folder is its owner's alone.
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const found = genesisInBook(folder)
  // A first try may have been interrupted after some keys: those are as good as new ones. A book names its keys.
  const missing = KEY_NAMES.filter((name) => !existsSync(keyPath(folder, name)))
  if (found === undefined) {
    for (const name of missing) SigningKey.generate().write(keyPath(folder, name))
  }
  const jws = found ?? signGenesis(readKeyFiles(folder), network)
  if (found === undefined) {
    const genesis = readSigned(join(folder, GENESIS_FILE), jws)
    new Book({ folder, genesis, isNew: true })[Symbol.dispose]()
  }
  writeNewFile(join(folder, GENESIS_FILE), { text: `${jws}\n`, mode: 0o600 })
  return readGenesis(folder)
}

function signGenesis(keys: FolderKeys, network: NewNetwork): string {
  const input = toSigningInput(keys.operator.kid, encodeGenesis(newGenesis(keys, network)))
  return `${input}.${keys.operator.sign(input)}`
}

function newGenesis(
  keys: FolderKeys,
  { network, timeMs, fed, wallet, melting, ...parameters }: NewNetwork,
): Omit<Genesis, 'v'> {
  return {
    network,
    timeMs,
    operator: keys.operator.x,
    keeper: keys.keeper.x,
    checkpoint: keys.checkpoint.x,
    node: { id: newId<NodeId>(), name: network, x: keys.node.x },
    fed: {
      ...(fed ?? { id: newId<AssetId>(), name: 'Euro fédéré', code: 'FED' }),
      ...(melting && { demurrage: melting }),
    },
    eur: newId<AssetId>(),
    wallet: wallet ?? newId<WalletId>(),
    funds: [
      { wallet: newId<WalletId>(), name: 'commons' },
      { wallet: newId<WalletId>(), name: 'maintenance' },
    ],
    parameters: toParameters(parameters),
  }
}

function toParameters({
  fedCap,
  issueDayMax,
  twoKeepersAbove,
}: Pick<NewNetwork, 'fedCap' | 'issueDayMax' | 'twoKeepersAbove'>): Genesis['parameters'] {
  return {
    fedCap: fedCap ?? (FED_CAP_USUAL as Amount),
    dueCap: DUE_CAP_USUAL as Amount,
    ...(issueDayMax !== undefined && { issueDayMax }),
    ...(twoKeepersAbove !== undefined && { twoKeepersAbove }),
  }
}

function newId<T extends Id<string>>(): T {
  return randomUUID() as string as T
}

/** Gives a folder of before witnesses its witness key: no book names it, so a new one is as good as any. */
export function addWitnessKey(folder: string): void {
  const path = keyPath(folder, 'witness')
  if (!existsSync(path)) SigningKey.generate().write(path)
}

/** Reads all keys of a folder, which must be those that its genesis names: whatever another one signs, nobody believes. */
export function readKeys(folder: string, { genesis } = readGenesis(folder)): FolderKeys {
  const keys = readKeyFiles(folder)
  const { operator, keeper, node, checkpoint } = genesis
  const named = { operator, keeper, node: node.x, checkpoint }
  const names = Object.keys(named) as (keyof typeof named)[]
  const wrong = names.filter((name) => keys[name].x !== named[name])
  if (wrong.length === names.length) {
    throw new Error(
      `${join(folder, GENESIS_FILE)} names none of the keys in ${join(folder, 'keys')}: one of the two is of another network. Nothing was signed or changed. Put it back from a copy of the folder.`,
    )
  }
  for (const name of wrong) {
    throw new Error(
      `${keyPath(folder, name)} is not the ${name} key that the genesis of this folder names. Nothing was signed or changed. Put the key of this network back from a copy of the folder.`,
    )
  }
  return keys
}

function readKeyFiles(folder: string): FolderKeys {
  const entries = KEY_NAMES.map((name) => [name, SigningKey.read(keyPath(folder, name))] as const)
  return Object.fromEntries(entries) as Record<KeyName, SigningKey>
}

/** Reads and checks the genesis of a folder. */
export function readGenesis(folder: string): SignedGenesis {
  const path = join(folder, GENESIS_FILE)
  return readSigned(path, readFileSync(path, 'utf8').trimEnd())
}

function readSigned(path: string, jws: string): SignedGenesis {
  const genesis = parseGenesis(sha256, jws)
  const help = 'Restore it from a backup or from another node; nothing was changed.'
  if (genesis instanceof Malformed) {
    throw new Error(`${path} is damaged at ${genesis.path}: expected ${genesis.expected}. ${help}`)
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: genesis.genesis.operator }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const input = Buffer.from(toSigningInput(genesis.kid, genesis.json), 'ascii')
  if (!verifySignature(null, input, key, genesis.signature)) {
    throw new Error(`${path} does not carry the signature of its operator. ${help}`)
  }
  return genesis
}

/** Runs the steps of one vector on a book. Source: docs/spec/vectors.md. */
import { expect } from 'vitest'
import {
  type Action,
  type Amount,
  encode,
  encodeGenesis,
  encodeOutcome,
  fromRecordKey,
  type Genesis,
  issued,
  type Json,
  type Line,
  Malformed,
  nobleHash,
  type Outcome,
  type PlaceId,
  parseGenesis,
  type SignedGenesis,
  type State,
  type StateReader,
  type TxId,
} from '../src/index.ts'
import { Names, START_MS, signText, signTx, toId, toKey, toOffset } from './names.ts'

type Awaitable<T> = T | Promise<T>

/** A book that vectors run on: the reference here, a whole node elsewhere. */
export interface World {
  /** Read between steps. Written by `given` alone, for what no action can do yet. */
  readonly state: State
  /** Closes the block before and opens the next: the lines of what was due. */
  open(timeMs: number): Awaitable<readonly Line[]>
  /** Puts one tx in the running block. */
  submit(jws: string): Awaitable<Outcome>
  close(): Awaitable<void>
}
export type OpenWorld = (genesis: SignedGenesis) => Awaitable<World>

/** One tx, the opening of a block, or what is only looked at. */
export interface Step {
  readonly by?: string
  readonly at?: string
  readonly repeat?: number
  readonly actions?: readonly Json[]
  readonly suspended?: readonly string[]
  readonly due?: readonly string[]
  readonly lines?: readonly string[]
  readonly rejected?: string
  readonly action?: number
  readonly with?: Json
  readonly balances?: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly held?: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly issued?: Readonly<Record<string, number>>
  readonly records?: Readonly<Record<string, Json>>
}

/** The genesis of every vector, with its own parameters. */
export function vectorGenesis(parameters: Readonly<Record<string, number>> = {}): SignedGenesis {
  const amounts = Object.entries(parameters).map(([name, value]) => [name, BigInt(value) as Amount])
  const genesis: Omit<Genesis, 'v'> = {
    network: 'vectors',
    timeMs: START_MS,
    operator: toKey('operator').x,
    keeper: toKey('keeper').x,
    checkpoint: toKey('checkpoint').x,
    node: { id: toId('node'), name: 'Node', x: toKey('node').x },
    fed: { id: toId('FED'), name: 'Federated euro', code: 'FED' },
    eur: toId('EUR'),
    wallet: toId('keeper'),
    funds: [{ wallet: toId('commons'), name: 'commons' }],
    parameters: {
      fedCap: 1_000_000n as Amount,
      dueCap: 50_000n as Amount,
      ...Object.fromEntries(amounts),
    },
  }
  const signed = parseGenesis(nobleHash, signText(toKey('operator'), encodeGenesis(genesis)))
  if (signed instanceof Malformed) throw new Error(`genesis ${signed.path}: ${signed.expected}`)
  return signed
}

/** One vector on its own book. */
export class Run {
  readonly #names = new Names()
  readonly #genesis: SignedGenesis
  readonly #world: World
  #timeMs = START_MS
  #isOpen = false
  #count = 0

  private constructor(world: World, genesis: SignedGenesis) {
    this.#world = world
    this.#genesis = genesis
  }

  static async start(open: OpenWorld, parameters?: Readonly<Record<string, number>>): Promise<Run> {
    const genesis = vectorGenesis(parameters)
    return new Run(await open(genesis), genesis)
  }

  /** A step that must be applied, and whose lines are not looked at unless it lists them. */
  async given(step: Step): Promise<void> {
    for (const name of step.suspended ?? []) {
      const id = toId<PlaceId>(name)
      const place = this.#world.state.get('place', id)
      if (place === undefined) throw new Error(`${name} is no place to suspend`)
      this.#world.state.put('place', id, { ...place, suspended: true })
    }
    await this.#run(step, { isGiven: true })
  }

  async step(step: Step): Promise<void> {
    await this.#run(step, { isGiven: false })
    this.#checkAmounts(step)
    for (const [recordKey, wanted] of Object.entries(step.records ?? {})) {
      const { kind, id } = fromRecordKey(this.#names.fill(recordKey) as string)
      const record = this.#world.state.get(kind, id)
      const actual = record === undefined ? null : JSON.parse(encode(record))
      expect({ [recordKey]: actual }).toEqual({ [recordKey]: this.#names.fill(wanted) })
    }
  }

  /** Puts bytes made elsewhere in the running block: the JSON of their outcome. */
  async submit(jws: string): Promise<string> {
    return encodeOutcome(await this.#world.submit(jws))
  }

  get state(): StateReader {
    return this.#world.state
  }

  async close(): Promise<void> {
    await this.#world.close()
  }

  async #run(step: Step, { isGiven }: { isGiven: boolean }): Promise<void> {
    if (step.at !== undefined || !this.#isOpen) await this.#open(step, isGiven)
    for (let n = 1; n <= (step.repeat ?? 1); n += 1) {
      if (step.actions === undefined) continue
      const outcome = await this.#world.submit(this.#sign(step, n))
      const { action, with: members } = JSON.parse(encodeOutcome(outcome))
      const rejected = outcome.status === 'rejected' ? outcome.rejection.code : undefined
      const wanted = step.rejected === undefined ? {} : this.#wantedRejection(step)
      expect({ rejected, action, with: members }).toEqual({ rejected: step.rejected, ...wanted })
      if (outcome.status === 'rejected' || (isGiven && step.lines === undefined)) continue
      expect(this.#toTexts(outcome.lines)).toEqual(step.lines)
    }
  }

  #wantedRejection(step: Step): object {
    return { action: step.action ?? 0, with: this.#names.fill(step.with ?? {}) }
  }

  async #open({ at = '0ms', due = [] }: Step, isGiven: boolean): Promise<void> {
    this.#timeMs = START_MS + toOffset(at)
    this.#isOpen = true
    const lines = await this.#world.open(this.#timeMs)
    if (!isGiven) expect(this.#toTexts(lines)).toEqual(due)
  }

  #sign({ by = '', actions = [] }: Step, n: number): string {
    this.#count += 1
    const { jws } = signTx(toKey(by), {
      chain: this.#genesis.chain,
      id: toId<TxId>(`tx ${this.#count}`),
      actions: this.#names.fill(actions, n) as unknown as readonly Action[],
      notAfter: this.#timeMs + 60_000,
    })
    return jws
  }

  #toTexts(lines: readonly Line[]): readonly string[] {
    return lines.map((line) => toText(this.#world.state, this.#names, line))
  }

  #checkAmounts({ balances = {}, held = {}, issued: supply = {} }: Step): void {
    const { state } = this.#world
    for (const [member, wanted] of Object.entries({ balance: balances, held } as const)) {
      for (const [holder, amounts] of Object.entries(wanted)) {
        const actual = Object.keys(amounts).map((code) => {
          const wallet = this.#names.walletOf(state, holder)
          const account = state.get('account', `${wallet}/${this.#names.assetOf(state, code)}`)
          return [code, Number(account?.[member as 'balance' | 'held'] ?? 0n)]
        })
        expect({ [`${member} of ${holder}`]: Object.fromEntries(actual) }).toEqual({
          [`${member} of ${holder}`]: amounts,
        })
      }
    }
    for (const [code, amount] of Object.entries(supply)) {
      const actual = Number(issued(state, nobleHash, this.#names.assetOf(state, code)))
      expect({ issued: code, amount: actual }).toEqual({ issued: code, amount })
    }
  }
}

/** `SAL card-1 -> bar 4.00 PKS card card-1 primary boss imported line 7`. */
function toText(state: StateReader, names: Names, line: Line): string {
  const { action, from, to, amount, asset, card, primary, imported } = line
  const cents = String(amount).padStart(3, '0')
  const words = [action, names.nameOf(state, from), '->', names.nameOf(state, to)]
  words.push(`${cents.slice(0, -2)}.${cents.slice(-2)}`, state.get('asset', asset)?.code ?? asset)
  if (card !== null) words.push('card', names.nameOfId(card))
  if (primary !== null) words.push('primary', names.nameOfId(primary))
  if (imported !== undefined) words.push('imported', names.nameOfId(line.id))
  return words.join(' ')
}

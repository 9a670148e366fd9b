import type { Form, FormValue } from './form.ts'
import { Refusal } from './refusal.ts'

export interface Bounds {
  readonly min?: number
  readonly max?: number
}

const METADATA_NAMES_MAX = 50
const METADATA_NAME_LENGTH_MAX = 40
const METADATA_VALUE_LENGTH_MAX = 500

/**
 * The parameters of one request, or of one member of them. A route reads all that it knows, then
 * calls `end`, which refuses what nobody has read: so a misspelt name is found as it would be there.
 */
export class Params {
  readonly #form: Form
  readonly #path: string
  readonly #known = new Set<string>()
  readonly #children: Params[] = []
  #ended = false

  constructor(form: Form, path = '') {
    this.#form = form
    this.#path = path
  }

  /** The full name of a member, such as `line_items[0][price]`. */
  nameOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}[${name}]`
  }

  text(name: string, { max = 5000 }: Bounds = {}): string | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw this.#invalid(name, 'Invalid string')
    if (value.length > max) {
      throw this.#invalid(name, `Invalid string: must be at most ${max} characters`)
    }
    return value
  }

  needText(name: string, bounds?: Bounds): string {
    const value = this.text(name, bounds)
    if (value === undefined) throw this.#lacking(name)
    if (value === '') {
      throw new Refusal(
        `You passed an empty string for '${this.nameOf(name)}'. We assume empty values are an attempt to unset a parameter; however '${this.nameOf(name)}' cannot be unset.`,
        { code: 'parameter_invalid_empty', param: this.nameOf(name) },
      )
    }
    return value
  }

  url(name: string): string | undefined {
    const value = this.text(name)
    if (value === undefined || URL.canParse(value.replaceAll(/[{}]/g, ''))) return value
    throw new Refusal('Not a valid URL', { code: 'url_invalid', param: this.nameOf(name) })
  }

  whole(name: string, { min, max }: Bounds = {}): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const facts = { code: 'parameter_invalid_integer', param: this.nameOf(name) }
    if (!/^-?\d{1,15}$/.test(value)) throw new Refusal(`Invalid integer: ${value}`, facts)
    const number = Number(value)
    if (min !== undefined && number < min) {
      throw new Refusal(`This value must be greater than or equal to ${min}.`, facts)
    }
    if (max !== undefined && number > max) {
      throw new Refusal(`This value must be less than or equal to ${max}.`, facts)
    }
    return number
  }

  needWhole(name: string, bounds?: Bounds): number {
    const value = this.whole(name, bounds)
    if (value === undefined) throw this.#lacking(name)
    return value
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (value !== 'true' && value !== 'false') {
      throw this.#invalid(name, `Invalid boolean: ${value}`)
    }
    return value === 'true'
  }

  choice<T extends string>(name: string, among: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const chosen = among.find((one) => one === value)
    if (chosen) return chosen
    throw this.#invalid(name, `Invalid ${this.nameOf(name)}: must be one of ${among.join(', ')}`)
  }

  currency(name = 'currency'): string {
    const value = this.needText(name)
    if (!/^[A-Za-z]{3}$/.test(value)) throw this.#invalid(name, `Invalid currency: ${value}`)
    return value.toLowerCase()
  }

  /** A list of texts; a text alone where Stripe takes either is refused, as it does. */
  texts(name: string): readonly string[] | undefined {
    const value = this.#take(name)
    if (value === undefined || value === '') return undefined
    if (typeof value === 'string') throw this.#invalid(name, 'Invalid array')
    return [...value.values()].map((one) => {
      if (typeof one !== 'string') throw this.#invalid(name, 'Invalid string')
      return one
    })
  }

  child(name: string): Params | undefined {
    const value = this.#take(name)
    if (value === undefined || value === '') return undefined
    if (typeof value === 'string') throw this.#invalid(name, 'Invalid object')
    return this.#open(value, this.nameOf(name))
  }

  childOrText(name: string): Params | string | undefined {
    const value = this.#take(name)
    if (value === undefined || typeof value === 'string') return value
    return this.#open(value, this.nameOf(name))
  }

  children(name: string): readonly Params[] {
    const value = this.#take(name)
    if (value === undefined || value === '') return []
    if (typeof value === 'string') throw this.#invalid(name, 'Invalid array')
    return [...value].map(([index, one]) => {
      if (typeof one === 'string') throw this.#invalid(name, 'Invalid object')
      return this.#open(one, `${this.nameOf(name)}[${index}]`)
    })
  }

  /** Names to texts; an empty text removes its name. `undefined` when none was sent. */
  metadata(name = 'metadata'): Readonly<Record<string, string>> | undefined {
    const value = this.#take(name)
    if (value === undefined || value === '') return undefined
    if (typeof value === 'string') throw this.#invalid(name, 'Invalid object')
    if (value.size > METADATA_NAMES_MAX) {
      throw this.#invalid(name, `Metadata can have up to ${METADATA_NAMES_MAX} keys.`)
    }
    return Object.fromEntries([...value].map((pair) => this.#metadataPair(name, pair)))
  }

  #metadataPair(name: string, [key, value]: readonly [string, FormValue]): [string, string] {
    if (typeof value !== 'string') throw this.#invalid(name, 'Metadata values must be strings.')
    if (key.length > METADATA_NAME_LENGTH_MAX) {
      throw this.#invalid(
        name,
        `Metadata keys can have up to ${METADATA_NAME_LENGTH_MAX} characters, but you passed in a key that is ${key.length} characters.`,
      )
    }
    if (value.length > METADATA_VALUE_LENGTH_MAX) {
      throw this.#invalid(
        name,
        `Metadata values can have up to ${METADATA_VALUE_LENGTH_MAX} characters, but you passed in a value that is ${value.length} characters. Invalid value: ${value}`,
      )
    }
    return [key, value]
  }

  /** Parameters that Stripe knows and that change nothing in the fake. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#known.add(name)
  }

  /** Refuses what was not read. To be called before anything is changed. */
  end(): void {
    for (const name of this.#form.keys()) {
      if (this.#known.has(name)) continue
      throw new Refusal(`Received unknown parameter: ${this.nameOf(name)}`, {
        ...{ code: 'parameter_unknown', param: this.nameOf(name) },
      })
    }
    for (const child of this.#children) child.end()
    this.#ended = true
  }

  /** Whether the request was read whole and found well formed: what follows is its execution. */
  get isEnded(): boolean {
    return this.#ended
  }

  #open(form: Form, path: string): Params {
    const child = new Params(form, path)
    this.#children.push(child)
    return child
  }

  #take(name: string): FormValue | undefined {
    this.#known.add(name)
    return this.#form.get(name)
  }

  #lacking(name: string): Refusal {
    const param = this.nameOf(name)
    return new Refusal(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  }

  #invalid(name: string, message: string): Refusal {
    return new Refusal(message, { param: this.nameOf(name) })
  }
}

/** What metadata become when new ones are sent. */
export function mergeMetadata(
  old: Readonly<Record<string, string>> | null,
  sent: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const merged = { ...old, ...sent }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
}

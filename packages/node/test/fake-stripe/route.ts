import { PLATFORM } from './books.ts'
import type { Params } from './params.ts'
import { Refusal } from './refusal.ts'
import { readWindow, type Stored, toPage } from './shelf.ts'
import type { World } from './world.ts'

/** One request, once it is known who asks for what. */
export interface Call {
  readonly world: World
  readonly params: Params
  /** What stands where the route has `:id` and `:child`. */
  readonly id: string
  readonly child: string
  /** The path as called. */
  readonly url: string
  /** The account that `Stripe-Account` names, or the platform. */
  readonly account: string
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Whether it may be called in the name of a connected account. */
  readonly isOfAccounts?: boolean
  /** Answers an object. Synchronous, so that a request is done wholly or not at all. */
  readonly run: (call: Call) => object
}

export interface Listing<T extends Stored> {
  readonly among: (call: Call) => readonly T[]
  /** Reads the filters of the list. */
  readonly filter?: (params: Params) => (one: T) => boolean
}

/** A list in pages, newest first. */
export function listRoute<T extends Stored>(
  path: string,
  { among, filter = () => () => true }: Listing<T>,
  isOfAccounts = false,
): Route {
  return {
    ...{ method: 'GET', path, isOfAccounts },
    run: (call) => {
      const [window, wanted] = [readWindow(call.params), filter(call.params)]
      call.params.end()
      return toPage(among(call).filter(wanted), window, call.url)
    },
  }
}

/** One object by its id. */
export function readRoute(path: string, get: (call: Call) => object, isOfAccounts = false): Route {
  return {
    ...{ method: 'GET', path, isOfAccounts },
    run: (call) => {
      call.params.end()
      return get(call)
    },
  }
}

/** Filters that compare one member with one parameter of the same name. */
export function sameAs<T extends Stored>(
  ...names: readonly (keyof T & string)[]
): (params: Params) => (one: T) => boolean {
  return (params) => {
    const wanted = names.map((name) => [name, params.text(name)] as const)
    return (one) =>
      wanted.every(([name, value]) => {
        if (value === undefined) return true
        const found = one[name]
        return String(found) === value
      })
  }
}

/** Refuses a call in the name of an account where the fake knows none. */
export function assertOfPlatform({ account }: Pick<Call, 'account'>, path: string): void {
  if (account === PLATFORM) return
  throw new Refusal(`This fake of Stripe knows ${path} for the platform's own account only.`, {
    code: 'account_invalid',
  })
}

/**
 * States a belief of ours. A false one is a bug: the node stops rather than diverge, so nobody catches it.
 *
 * Never used on what a stranger can send; that gets a rejection.
 */
export function assert(belief: boolean, what: string): asserts belief {
  if (!belief) throw new Error(`broken invariant: ${what}`)
}

/** Marks the end of an exhaustive switch: a new member of the union does not compile until it has its case. */
export function unreachable(value: never): never {
  throw new Error(`broken invariant: unexpected ${JSON.stringify(value)}`)
}

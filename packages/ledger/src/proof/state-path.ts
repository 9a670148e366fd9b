/** Where a record stands in the state tree: a path of 256 bits, the hash of its k, the most significant bit first. */

/** Bits of a path: the deepest that a leaf can stand. */
export const PATH_BITS = 256

/** The bit of a path at a depth, 0 at the root: 0 goes left, 1 goes right. */
export function pathBit(path: Uint8Array, depth: number): 0 | 1 {
  return (((path[depth >>> 3] as number) >>> (7 - (depth & 7))) & 1) as 0 | 1
}

/** The depth of the first bit in which two paths differ; `PATH_BITS` when none does. */
export function forkOf(one: Uint8Array, other: Uint8Array): number {
  for (let index = 0; index < PATH_BITS / 8; index += 1) {
    const difference = (one[index] as number) ^ (other[index] as number)
    if (difference === 0) continue
    let depth = index * 8
    for (let mask = 128; (difference & mask) === 0; mask >>>= 1) depth += 1
    return depth
  }
  return PATH_BITS
}

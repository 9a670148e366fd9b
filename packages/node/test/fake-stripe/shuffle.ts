/** Another order of the same, the same one for the same seed. */
export function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  const left = [...all]
  const order: T[] = []
  let state = seed >>> 0
  while (left.length > 0) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    order.push(...left.splice((state >>> 8) % left.length, 1))
  }
  return order
}

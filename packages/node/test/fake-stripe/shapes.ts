/** Members whose own members are free. */
const FREE = ['metadata', 'previous_attributes', 'evidence']

export type Members = Readonly<Record<string, unknown>>

/**
 * Where an answer is not of the shape of the published one: `charge.outcome.rule lacks` when the
 * member is unknown there, or both JSON types when they differ and neither value is null. Paths
 * begin at the nearest object that Stripe names.
 */
export function shapeDifferences(ours: unknown, theirs: unknown, path = ''): readonly string[] {
  if (ours === null || theirs === null) return []
  const [type, published] = [typeOf(ours), typeOf(theirs)]
  if (type !== published) return [`${path} is ${type}, published as ${published}`]
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (theirs.length === 0) return []
    return ours.flatMap((one) => shapeDifferences(one, theirs[0], `${path}[]`))
  }
  if (type !== 'object') return []
  return memberDifferences(ours as Members, theirs as Members, path)
}

function memberDifferences(ours: Members, theirs: Members, path: string): readonly string[] {
  const { object: name } = ours
  // The published stand-in shows any kind of object where several can be.
  if (typeof name === 'string' && name !== theirs['object']) return []
  const here = typeof name === 'string' ? name : path
  return Object.entries(ours).flatMap(([member, value]) => {
    const at = `${here}.${member}`
    if (!(member in theirs)) return [`${at} lacks`]
    return FREE.includes(member) ? [] : shapeDifferences(value, theirs[member], at)
  })
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}

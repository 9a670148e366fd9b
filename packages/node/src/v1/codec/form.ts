/** The pairs of a form, decoded, in their order: of a name that comes twice, the last value at the first place. */
export function parseForm(bytes: Uint8Array): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  // The sign before keeps a question mark at the start of the body, which would be taken for that of an address.
  for (const [name, value] of new URLSearchParams(`&${Buffer.from(bytes)}`)) pairs.set(name, value)
  return pairs
}

/**
 * What a log says of a fault: its name, its words and where it came from, and the same of what caused it. Other members
 * of an error, such as those of a provider's, may hold what belongs in no log.
 */
export function loggedCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause
  const { name, message, stack, cause: deeper } = cause
  return { name, message, stack, ...(deeper !== undefined && { cause: loggedCause(deeper) }) }
}

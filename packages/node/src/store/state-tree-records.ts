import type { StateTree } from '@fedow/ledger/state-tree'

/** Follows records in the order of their writing: key, then canonical JSON or null when it is gone. */
export function putAll(tree: StateTree, records: readonly (string | null)[]): void {
  for (let at = 0; at < records.length; at += 2) {
    const [key, json] = [records[at] ?? '', records[at + 1] ?? null]
    if (json === null) tree.remove(key)
    else tree.put(key, json)
  }
}

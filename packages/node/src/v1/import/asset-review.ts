/** Assets: their kinds, and names that meet. */
import { toPrintable } from '@fedow/api'
import type { Finding } from './findings.ts'
import { toUuid, type V1Asset } from './rows.ts'
import type { V1World } from './v1-world.ts'

const CATEGORIES = new Set(['FED', 'TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB'])

export function* reviewAssets(world: V1World): IterableIterator<Finding> {
  const federated = [...world.assets.values()].filter(({ category }) => category === 'FED')
  for (const asset of world.assets.values()) {
    for (const detail of oddities(asset, { world, federated: federated.length })) {
      yield { code: 'asset_odd', subjects: { asset: toUuid(asset.id) }, detail }
    }
  }
  yield* homonyms(world)
}

function* oddities(
  { name, code, category, origin }: V1Asset,
  { world, federated }: { readonly world: V1World; readonly federated: number },
): IterableIterator<string> {
  const shown = toPrintable(name)
  if (!CATEGORIES.has(category)) yield `${shown} is of the unknown kind "${toPrintable(category)}".`
  if (category === 'FED' && federated > 1) yield `${shown} is one of ${federated} federated assets.`
  if (category !== 'FED' && code === 'FED') {
    yield `${shown} has the code FED, by which clients know the federated money.`
  }
  const hasIssuer = category === 'FED' ? world.isPrimary(origin) : world.isPlace(origin)
  if (!hasIssuer) yield `${shown} belongs to a wallet that may not issue it.`
}

/** Assets of one name that one place accepts: told once, with all the places where they meet. */
function* homonyms(world: V1World): IterableIterator<Finding> {
  const met = new Map<string, { assets: readonly V1Asset[]; places: string[] }>()
  for (const place of world.places.values()) {
    const byName = Map.groupBy(world.acceptedBy(place), ({ name }) => name)
    for (const assets of byName.values()) {
      if (assets.length < 2) continue
      const key = assets.map(({ id }) => id).join()
      const places = met.get(key)?.places ?? []
      met.set(key, { assets, places: [...places, place.id] })
    }
  }
  for (const { assets, places } of met.values()) {
    const names = places.map((id) => toPrintable(world.places.get(id)?.name ?? id)).join(', ')
    yield {
      code: 'homonymous_assets',
      subjects: { assets: assets.map(({ id }) => toUuid(id)), places: places.map(toUuid) },
      detail: `${assets.length} assets named ${toPrintable(assets[0]?.name ?? '')} at ${names}.`,
    }
  }
}

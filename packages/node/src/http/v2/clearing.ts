import { getClearing } from '@fedow/api'
import { proposeClearing, readPositions } from '../../gateway/clearing.ts'
import { toTimeMs } from '../../gateway/means.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'

export function clearingRoutes(http: Http): void {
  serve(http, getClearing, async ({ query: { since } }) => {
    const sinceUs = since === undefined ? undefined : toTimeMs(since, '/since') * 1_000
    const positions = await readPositions(http.means, sinceUs)
    const nets = new Map(positions.map(({ place, holds, owes }) => [place, holds - owes]))
    return {
      ...(since !== undefined && { since }),
      positions: positions.map(({ place, name, holds, owes }) => ({
        place,
        name,
        holds: Number(holds),
        owes: Number(owes),
        net: Number(holds - owes),
      })),
      transfers: proposeClearing(nets).map((one) => ({ ...one, amount: Number(one.amount) })),
    }
  })
}

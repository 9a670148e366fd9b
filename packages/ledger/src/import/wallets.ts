/** Places, people, and wallets that are neither: those of cards. */

import { placeSubject } from '../authority.ts'
import { dayOf } from '../commons/calendar.ts'
import { admitted } from '../commons/electorate.ts'
import { NOTICE_DAYS } from '../commons/melting.ts'
import { ELECTORATE_MAX } from '../commons/voting-records.ts'
import type { Change, Context, Effects } from '../context.ts'
import { nodeId, placeId, type WalletId, walletId } from '../ids.ts'
import { ONLY, placeName, type Wallet } from '../records.ts'
import { firstGrant, PERSON_GRANT, PLACE_GRANT } from '../registry/grant.ts'
import { findNode } from '../registry/node.ts'
import { findPlace } from '../registry/place.ts'
import { placeNameId } from '../registry/place-open.ts'
import { demand, refuse } from '../rejection.ts'
import { array, type Of, object, optional, timeMs } from '../shape.ts'
import { Fresh } from './fresh.ts'

export const ROWS = { min: 1, max: 1_000 } as const

const placeRow = object({ place: placeId, wallet: walletId, name: placeName, openedMs: timeMs })

/** `node`: their home, which is granted each of them. */
export const placeRows = { node: nodeId, rows: array(placeRow, ROWS) } as const
export const peopleRows = { node: nodeId, rows: array(walletId, ROWS) } as const

const walletRow = object({ wallet: walletId, origin: optional(placeId) })

/** Own wallets of cards, also of those that have another by now. `origin`: the place of the card. */
export const walletRows = { rows: array(walletRow, ROWS) } as const

const places = object(placeRows)
const people = object(peopleRows)
const wallets = object(walletRows)

/** They vote from now on, up to the most that an electorate has. Rejects with, in this order: node_not_found, id_taken, name_taken. */
export function importPlaces(ctx: Context, { node, rows }: Of<typeof places>): Effects {
  findNode(ctx, node)
  const fresh = new Fresh(ctx)
  const names = new Set<string>()
  const voters = admitted(ctx)
  const room = ELECTORATE_MAX - voters.length
  const joining = rows.slice(0, room).map(({ place }) => place)
  const electorate = { places: [...voters, ...joining] }
  return {
    changes: [
      ...(joining.length === 0
        ? []
        : [{ kind: 'electorate', id: ONLY, record: electorate } as const]),
      ...rows.flatMap(({ place, wallet, name, openedMs }, index): Change[] => {
        fresh.demand('place', place)
        fresh.demand('wallet', wallet)
        const nameId = placeNameId(ctx, name)
        if (names.has(nameId) || ctx.state.get('place-name', nameId))
          refuse({ code: 'name_taken', name })
        names.add(nameId)
        const record = { name, wallet, node, keys: [], federations: [], suspended: false }
        return [
          { kind: 'place-name', id: nameId, record: { place } },
          {
            kind: 'place',
            id: place,
            record: {
              ...record,
              openedMs: openedMs < ctx.timeMs ? openedMs : ctx.timeMs,
              ...(index < room && { admittedMs: ctx.timeMs }),
            },
          },
          {
            kind: 'wallet',
            id: wallet,
            record: { kind: 'place', place, keptUntilDay: keptUntil(ctx), assets: [] },
          },
          firstGrant(node, placeSubject(place), PLACE_GRANT),
        ]
      }),
    ],
  }
}

/** Rejects with, in this order: node_not_found, id_taken. */
export function importPeople(ctx: Context, { node, rows }: Of<typeof people>): Effects {
  findNode(ctx, node)
  const fresh = new Fresh(ctx)
  return {
    changes: rows.flatMap((wallet): Change[] => {
      fresh.demand('wallet', wallet)
      return [
        {
          kind: 'wallet',
          id: wallet,
          record: { kind: 'person', node, keys: [], keptUntilDay: keptUntil(ctx), assets: [] },
        },
        firstGrant(node, `wallet/${wallet}`, PERSON_GRANT),
      ]
    }),
  }
}

/** Rejects with, in this order: id_taken, place_not_found. */
export function importWallets(ctx: Context, { rows }: Of<typeof wallets>): Effects {
  const fresh = new Fresh(ctx)
  return {
    changes: rows.map(({ wallet, origin }): Change => {
      fresh.demand('wallet', wallet)
      if (origin !== undefined) findPlace(ctx, origin)
      return {
        kind: 'wallet',
        id: wallet,
        record: {
          kind: 'card',
          ...(origin && { origin }),
          keptUntilDay: keptUntil(ctx),
          assets: [],
        },
      }
    }),
  }
}

const NOBODYS: readonly Wallet['kind'][] = ['issuance', 'reserve', 'fund', 'pool']

/**
 * Nothing in an imported wallet melts by a period that begins before this day, whatever its lines tell of its rest.
 * Source: docs/spec/demurrage.md, "Import".
 */
function keptUntil({ timeMs }: Context): number {
  return dayOf(timeMs) + NOTICE_DAYS
}

/**
 * A wallet that lines, memberships and balances may name: those that the ledger derives by itself are nobody's.
 *
 * Rejects with: wallet_not_found, wallet_kind_refused (of an asset's issuance, of the reserve, a fund, a pool).
 */
export function findHolder(ctx: Context, wallet: WalletId): Wallet {
  const record = ctx.state.get('wallet', wallet)
  if (record === undefined) return refuse({ code: 'wallet_not_found', wallet })
  const { kind } = record
  const isHolder = !NOBODYS.includes(kind)
  demand(isHolder, () => ({ code: 'wallet_kind_refused', wallet, kind }))
  return record
}

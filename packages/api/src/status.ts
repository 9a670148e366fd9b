import type { AssetId, ChainId, NodeId } from '@fedow/ledger'
import Type from 'typebox'
import { PayoutsView } from './payer-payout.ts'
import { PaymentsView } from './payment.ts'
import { RemindersView } from './reminder.ts'
import { PREFIX, type Route } from './route.ts'
import { Count, closed, idText, oneOf, ref, SignedAmount, Time } from './schema.ts'
import { AskedWitnessView } from './witness.ts'

/** The process answers. */
export const getLiveness = {
  method: 'GET',
  url: '/livez',
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'getLiveness',
    summary: 'The process answers',
    tags: ['node'],
    response: { 200: closed({ status: Type.Literal('alive') }) },
  },
} as const satisfies Route

/** The node takes txs. */
export const getReadiness = {
  method: 'GET',
  url: '/readyz',
  access: 'public',
  makesTx: false,
  problems: [503],
  schema: {
    operationId: 'getReadiness',
    summary: 'The node takes txs',
    tags: ['node'],
    response: { 200: closed({ status: Type.Literal('ready') }) },
  },
} as const satisfies Route

/** This document. */
export const getOpenapi = {
  method: 'GET',
  url: `${PREFIX}/openapi.json`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'getOpenapi',
    summary: 'This description of the API, as OpenAPI 3.1',
    tags: ['node'],
    response: { 200: Type.Unsafe<object>({ type: 'object', additionalProperties: true }) },
  },
} as const satisfies Route

/** Where the network stands. */
export const getStatus = {
  method: 'GET',
  url: `${PREFIX}/status`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'getStatus',
    summary: 'The network, this node, and how far the book goes',
    tags: ['node'],
    response: {
      200: closed({
        network: Type.String(),
        chain: Type.Unsafe<ChainId>(Type.String()),
        node: closed({ id: idText<NodeId>('This node.'), name: Type.String() }),
        version: Type.String(),
        engine: oneOf(['solo', 'comet']),
        height: Count,
        txs: Count,
        lines: Count,
        time: Time,
        fed: closed({
          asset: idText<AssetId>('The federated euro.'),
          issued: SignedAmount,
          eur: SignedAmount,
        }),
        payments: Type.Optional(PaymentsView),
        payouts: Type.Optional(PayoutsView),
        reminders: Type.Optional(RemindersView),
        witnesses: Type.Optional(
          Type.Array(ref(AskedWitnessView), { description: 'For the operator only.' }),
        ),
      }),
    },
  },
} as const satisfies Route

/** Reminders of money that melts: what is to be sent, what was, and whether somebody wants them. */
import type { AssetId, WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, READ_PROBLEMS, type Route } from './route.ts'
import { AmountText, Count, closed, EmailText, idText, named, oneOf, ref, Time } from './schema.ts'

export const REMINDER_STATES = [
  ...(['waiting', 'sent', 'moved', 'superseded', 'stopped', 'over', 'failed'] as const),
] as const

const reminderState = oneOf(
  REMINDER_STATES,
  'waiting: to be sent, or listed alone. sent: the mail server has it. moved: a gesture came first, nothing melts that day. superseded: a later reminder took its place. stopped: the person wants none. over: the day came first. failed: the mail server refuses it for good.',
)

const Wallet = idText<WalletId>('The wallet of a person.')
const Language = oneOf(['fr', 'en'], 'The language of the letters; French when nobody has said.')

/** A reminder of what melts in a wallet on one day. */
export const ReminderView = named(
  'Reminder',
  closed({
    number: Type.Integer({ minimum: 1 }),
    wallet: Wallet,
    due: Time,
    step: Type.Integer({ minimum: 1, maximum: 30, description: 'Days before: 30, 7 or 1.' }),
    melts: Type.Array(
      closed({
        asset: idText<AssetId>('What melts.'),
        name: Type.String(),
        code: Type.String(),
        amount: AmountText,
      }),
    ),
    state: reminderState,
    created: Time,
    changed: Time,
    tries: Count,
    next: Type.Optional(Time),
    problem: Type.Optional(closed({ code: Type.String(), sentence: Type.String() })),
  }),
)

/** How the reminders of a node stand: for its operator. */
export const RemindersView = closed({
  mailed: Type.Boolean({
    description: 'Whether they leave by e-mail; else they are listed alone.',
  }),
  waiting: Count,
  unaddressed: Type.Integer({
    minimum: 0,
    description: 'Of those that wait: how many have no address to go to.',
  }),
  failed: Type.Integer({ minimum: 0, description: 'Refused for good by the mail server.' }),
})

const wishes = {
  wallet: Wallet,
  subscribed: Type.Boolean({ description: 'Whether reminders come. The rule is the same.' }),
  language: Language,
  addressed: Type.Boolean({ description: 'Whether an address is known.' }),
  email: Type.Optional(
    Type.String({ description: 'The address that is written to: for the operator only.' }),
  ),
}

/** What a person wishes. */
export const ReminderWishesView = named('ReminderWishes', closed(wishes))

/** All reminders of the node. */
export const listReminders = {
  method: 'GET',
  url: `${PREFIX}/reminders`,
  access: 'operator',
  makesTx: false,
  problems: [401, 403],
  schema: {
    operationId: 'listReminders',
    summary: 'Reminders of melts, newest first, and how they stand',
    tags: ['reminders'],
    querystring: closed({
      state: Type.Optional(reminderState),
      wallet: Type.Optional(Wallet),
      before: Type.Optional(Type.Integer({ minimum: 1 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    }),
    response: {
      200: closed({
        status: RemindersView,
        reminders: Type.Array(ref(ReminderView)),
        next: Type.Optional(Type.Integer({ minimum: 1 })),
      }),
    },
  },
} as const satisfies Route

/** Those of one wallet. */
export const getWalletReminders = {
  method: 'GET',
  url: `${PREFIX}/wallets/:wallet/reminders`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getWalletReminders',
    summary: 'Reminders of a wallet that are kept, newest first, and whether it gets any',
    tags: ['reminders'],
    params: idParams({ wallet: Wallet }),
    response: { 200: closed({ ...wishes, reminders: Type.Array(ref(ReminderView)) }) },
  },
} as const satisfies Route

/** A person wants reminders, or none, or in another language or at another address. */
export const changeWalletReminders = {
  method: 'POST',
  url: `${PREFIX}/wallets/:wallet/reminders`,
  access: 'operator',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'changeWalletReminders',
    summary:
      'Stop or begin reminders for a wallet, their language and address; what is absent stays',
    tags: ['reminders'],
    params: idParams({ wallet: Wallet }),
    body: closed({
      subscribed: Type.Optional(Type.Boolean()),
      language: Type.Optional(Language),
      email: Type.Optional(
        Type.Union([EmailText, Type.Literal('')], {
          description: 'Written to instead of the one that clients of v1 gave. Empty: forget it.',
        }),
      ),
    }),
    response: { 200: ref(ReminderWishesView) },
  },
} as const satisfies Route

/** What a node knows of a person for reminders is erased. */
export const forgetWalletReminders = {
  method: 'DELETE',
  url: `${PREFIX}/wallets/:wallet/reminders`,
  access: 'operator',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'forgetWalletReminders',
    summary: 'Erase address, language and reminders of a wallet; it gets none any more',
    tags: ['reminders'],
    params: idParams({ wallet: Wallet }),
    response: { 200: ref(ReminderWishesView) },
  },
} as const satisfies Route

/** What stands in the way of a reminder, in a sentence. Takes its code. */
export function reminderSentence(code: string): string {
  if (code === 'no_address') {
    return 'No e-mail address is known for this person. Nothing was sent; it is tried again each day.'
  }
  if (code.startsWith('smtp_')) {
    return `The mail server answered ${code.slice('smtp_'.length)}. Look at its log; an address that is wrong is changed with "fedow reminder set".`
  }
  return `The mail server could not be used (${code}). Look at FEDOW_SMTP_URL and at that server.`
}

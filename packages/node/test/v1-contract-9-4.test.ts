/** Section 9.4 of WIRE.md, what clients demand of every answer: the tests that hold each rule. */
import { describeRows } from './v1-held-by.ts'

describeRows(
  'what clients demand of every answer',
  [
    {
      row: 1,
      says: 'types as the objects have them, no member missing, null only where it may be',
      by: [
        'v1-evening > gives every answer as the schemas of both clients demand it',
        'v1-reads-wire > scans a card',
      ],
    },
    {
      row: 2,
      says: 'a transaction has the same id, hash and time wherever and whenever it is shown',
      by: [
        'v1-evening > shows each transaction with one hash and one time, wherever it stands',
        'v1-restart > gives every answer again, byte for byte, after a restart',
        'v1-transactions > answers the same for ever, whatever happens after',
      ],
    },
    {
      row: 3,
      says: 'a hash has 64 characters',
      by: ['v1-evening > gives every answer as the schemas of both clients demand it'],
    },
    {
      row: 4,
      says: 'no blank text where one is shown',
      by: [
        'v1-evening > gives every answer as the schemas of both clients demand it',
        'v1-objects > names wallets as v1 does',
      ],
    },
    {
      row: 5,
      says: 'an origin has no picture',
      by: ['v1-evening > gives every answer as the schemas of both clients demand it'],
    },
    {
      row: 6,
      says: 'codes, ids of Dokos and domains as short as clients keep them',
      by: [
        'v1-answer-rules > shows no more of an id of Dokos than a till keeps',
        'v1-till > has a name and a code that the book can keep',
        'v1-refusals > of $path is refused in JSON, and breaks nothing',
      ],
    },
    {
      row: 7,
      says: 'tags and numbers of 8 hex digits, for every card of a list',
      by: [
        'v1-evening > gives every answer as the schemas of both clients demand it',
        'v1-reads > lists the cards of a person, without those that were erased',
        'v1-refusals > of $path is refused in JSON, and breaks nothing',
      ],
    },
    {
      row: 8,
      says: 'no code that a client does not know, and none to a till that only Lespass knows',
      by: [
        'v1-line-reads > gives no till a line that it does not understand',
        'v1-transactions > knows nothing of money that is only reserved',
      ],
    },
    {
      row: 9,
      says: 'one token for a wallet and an asset, under one id for ever',
      by: [
        'v1-evening > shows each wallet with one token for an asset, under one id',
        'v1-objects > names a token as LaBoutik did',
      ],
    },
    {
      row: 10,
      says: 'assets keep the id that a client gave, and have a wallet of origin',
      by: ['v1-till > has the id, the date and the code that it comes with'],
    },
    {
      row: 11,
      says: 'metadata that is a text comes back as it was, byte for byte',
      by: [
        'v1-answer-rules > gives metadata back as they came, whatever is in them',
        'v1-till > moves money, and shows the card as it is after it',
      ],
    },
    {
      row: 12,
      says: 'addresses of pages that a strict validator takes',
      by: ['v1-reads-wire > reads a history of several pages'],
    },
    {
      row: 13,
      says: 'single texts and numbers are JSON',
      by: [
        'v1-till > are registered with the ids that they come with',
        'v1-lespass > opens a wallet with 201, finds it with 200, and refuses another key',
        'v1-till > is archived by its place alone, once and again',
      ],
    },
    {
      row: 14,
      says: 'every error has a JSON body',
      by: [
        'v1-refusals > of $path is refused in JSON, and breaks nothing',
        'v1-refusals > of $method $path with odd headers',
        'v1-service > say which methods they have, and answer JSON whatever comes',
      ],
    },
    {
      row: 15,
      says: 'a card keeps the id that LaBoutik gave it',
      by: ['v1-till > are registered with the ids that they come with'],
    },
    {
      row: 16,
      says: 'no till gets two moneys of one name',
      by: [
        'v1-till > is refused with the faults of its fields',
        'v1-lespass > gives a homonymous asset of another place a federation and a name of its own',
        'v1-answer-rules > lets no local money be taken for the federated one',
      ],
    },
    {
      row: 17,
      says: 'only the federated money has its code, and every other money a place',
      by: [
        'v1-till > is refused with the faults of its fields',
        'v1-answer-rules > lets no local money be taken for the federated one',
      ],
    },
    {
      row: 18,
      says: 'the wallet of a new person was never shown before',
      by: ['v1-answer-rules > never makes the wallet of a card the one of a person'],
    },
  ],
  18,
)

/** Section 13 of WIRE.md, the checklist of a server that speaks v1: the tests that tick each line. */
import { describeRows } from './v1-held-by.ts'

const PYTHON =
  'v1-python > connect, sell, refill, link, lose and void, each signature once (needs python3 with the package cryptography)'

describeRows(
  'the checklist',
  [
    {
      row: 1,
      says: 'texts and vectors of signatures, and JSON against the encoder of Python',
      by: [
        '../src/v1/codec/json > is the same text again: %s',
        '../src/v1/codec/json > is the JSON of a form, for the handshake',
        '../src/v1/codec/signature > holds: %s',
        '../src/v1/codec/signature > fails with one byte of the message changed, whichever: %s',
        '../src/v1/codec/json > is printed as Python prints it (needs python3)',
        PYTHON,
      ],
    },
    {
      row: 2,
      says: 'the form of the handshake, and a temporary key that is dead after it',
      by: [
        'v1-lespass-places > is opened by the administrator alone, links the till once, and ends the free pass',
        'v1-defects-10-new > ends all temporary keys of a place with its handshake',
      ],
    },
    {
      row: 3,
      says: 'Lespass needs no signature until a till is linked',
      by: [
        'v1-ordering > needs no signature while the place has Lespass and no till',
        'v1-lespass-places > is opened by the administrator alone, links the till once, and ends the free pass',
      ],
    },
    {
      row: 4,
      says: 'first scans at once find one wallet, the one of later',
      by: [
        'v1-till > makes 32 first scans one wallet a card, and sells to each once (rows 2 to 5)',
        'v1-reads > gives the same wallet at every first scan, and keeps it at the first use',
      ],
    },
    {
      row: 5,
      says: 'what a till does, signed as LaBoutik signs',
      by: [PYTHON, 'v1-till > has a new wallet when it is voided, and no person'],
    },
    {
      row: 6,
      says: 'the misspelt key, 404 for an unknown card, 403 for a bad signature',
      by: [
        'v1-till > must have a primary card of the place (row 35): tills look for that key',
        'v1-reads-wire > does not know a card',
        'v1-ordering > is refused without key, wallet, date or signature, and with those of another',
      ],
    },
    {
      row: 7,
      says: 'a login is 201, then 200 with the same text; another key 400',
      by: ['v1-lespass > opens a wallet with 201, finds it with 200, and refuses another key'],
    },
    {
      row: 8,
      says: 'a person sees every token, a place what it accepts',
      by: [
        'v1-objects > shows a place what it accepts, and a person everything, archived money too',
      ],
    },
    {
      row: 9,
      says: 'links by QR code and by number, the conflict, archived money',
      by: [
        'v1-lespass > moves everything to the wallet, of archived moneys too, and says so again',
        'v1-lespass > takes a first card and refuses a second one once the wallet has held money',
        'v1-defects-10-new > links and loses a card by its number in any case',
      ],
    },
    {
      row: 10,
      says: 'a QR payment of two moneys is a list of two, and its sum is exact',
      by: ['v1-lespass-payments > takes local money first and federated euros last, in one tx'],
    },
    {
      row: 11,
      says: 'what Stripe pays',
      by: [
        'v1-online-refills > answers the page, the same for the same signed request, and comes back as Lespass expects',
        'v1-online-refills > credits a paid session once, and says what v1 says',
        'v1-online-refills > acknowledges what is not its own, and refuses what nobody has signed',
        'v1-online-refills > puts the money on the card that the place has signed, once',
        'v1-online-refund > answers 404 without federated euros, 202 with the wallet, the same again, and 200 when nothing is left',
        'v1-online-refund > answers 402 when no payment is behind the money, or none is left',
      ],
    },
    {
      row: 12,
      says: 'a history of several pages through the address rule of Lespass',
      by: ['v1-reads-wire > reads a history of several pages'],
    },
    {
      row: 13,
      says: 'microseconds survive every route',
      by: [
        'v1-evening > shows each transaction with one hash and one time, wherever it stands',
        'v1-transactions > dates a membership as its request did, to the microsecond',
        'v1-till > has the id, the date and the code that it comes with',
      ],
    },
    {
      row: 14,
      says: 'totals as JSON text in a JSON text',
      by: [
        'v1-reads-wire > reads assets and their totals',
        'v1-defects-10-new > answers two routes of totals each in its shape',
      ],
    },
    {
      row: 15,
      says: 'every refusal is JSON',
      by: [
        'v1-refusals > of $path is refused in JSON, and breaks nothing',
        'v1-service > refuse whoever comes without a key, in JSON',
      ],
    },
    {
      row: 16,
      says: 'each defect of v1 has a test',
      by: ['v1-defects-10 > nobody mints federated euros over HTTP'],
    },
  ],
  16,
)

/** Section 10 of WIRE.md: each bug of v1, and the test that shows the safe answer. Long, as it is one table. */
import { describeRows } from './v1-held-by.ts'

describeRows(
  'the defects of v1',
  [
    {
      row: 1,
      says: 'nobody mints federated euros over HTTP',
      by: ['v1-till > whatever is said of checkouts and the primary wallet'],
    },
    {
      row: 2,
      says: 'a refill is made whole, whatever else is written meanwhile',
      by: [
        'v1-storm > refills every time, whatever else is going on',
        'payments-day > agrees to the cent after a day with every fault',
        'payments-kill > goes on by itself after a kill at %s',
      ],
    },
    {
      row: 3,
      says: 'a request is done all or not at all, and answered when it is done',
      by: [
        'v1-lespass > moves everything to the wallet, of archived moneys too, and says so again',
        'v1-till > are taken back when their tx was not ordered, and kept when it was all the same',
        'durability/v1-kill > loses and doubles nothing on the wire of v1, however often it is killed',
      ],
    },
    {
      row: 4,
      says: 'balances never drift from their lines',
      by: ['v1-storm > has balances that its lines add up to', 'v1-storm > passes its audit'],
    },
    {
      row: 5,
      says: 'no two lines have the same line before them',
      by: ['v1-storm > has each line that was answered in its chain once, and no other'],
    },
    {
      row: 6,
      says: 'what is sent again is not done again',
      by: [
        'v1-till > gets the same bytes and has no second effect, whatever happened since',
        'v1-replay > are answered so when nothing is kept of them but the book, if they made a tx',
        'v1-storm > answers again what it has answered, in the same bytes',
      ],
    },
    {
      row: 7,
      says: 'the signature of a read opens one address, for a while',
      by: [
        'v1-ordering > is bound to its route, also between reading and doing',
        'v1-clock > opens nothing twice in the 26 hours in which it is the time of some zone',
      ],
    },
    {
      row: 8,
      says: 'a card is linked to the wallet that signs',
      by: [
        'v1-lespass > refuses the wallet of somebody else, an unknown card, and one that is linked',
      ],
    },
    {
      row: 9,
      says: 'a place shares its own money only',
      by: ['v1-lespass > is asked by the place that issues the asset'],
    },
    {
      row: 10,
      says: 'a payment at a terminal is credited once',
      by: [
        'v1-online-refills > puts the money on the card that the place has signed, once',
        'v1-online-refills > is told again by Stripe when Stripe did not answer',
        'payments-missed > credits a payment at a terminal whose event never came, once',
      ],
    },
    {
      row: 11,
      says: 'an online refund is reserved before it is paid',
      by: [
        'v1-online-refund > pays once for 20 taps',
        'v1-online-refund > counts a refund that is pending as done, and says 406 for one that fails',
        'payouts-stripe > gives back once for a double tap from 20 connections',
      ],
    },
    {
      row: 12,
      says: 'a checkout is credited once',
      by: [
        'v1-online-refills > credits a paid session once, and says what v1 says',
        'payments-stripe > credits once for one event told 20 times while 20 payers come back',
      ],
    },
    {
      row: 13,
      says: 'a temporary key does the handshake, for a day, and is known by its kind',
      by: [
        'v1-service > refuse the key of a connection string everywhere but at the handshake',
        'v1-clock > gives a key of a connection string 24 hours, to the millisecond',
        'v1-defects-10-new > knows a temporary key by its kind, not by the name of the place',
        'v1-defects-10-new > ends all temporary keys of a place with its handshake',
        'v1-defects-10-new > links one till with a temporary key, however many ask at once',
      ],
    },
    {
      row: 14,
      says: 'the root handshake is open for a while after the start',
      by: ['v1-service > give no root key while the door is closed, or when its time is over'],
    },
    {
      row: 15,
      says: 'a refused handshake changes nothing',
      by: [
        'v1-lespass-places > refuses a form of another place, signed by another key, or with a lasting key',
      ],
    },
    {
      row: 16,
      says: 'deposits: what was reported is known again before the balance is looked at',
      by: [
        'v1-lespass > hands in the whole balance once',
        'v1-transfer-deposit > deposits what it paid, and tells of it again however often it is reported',
        'v1-transfer-deposit > is refused when it is more than the place has earned, of another currency, or nothing',
      ],
    },
    {
      row: 17,
      says: 'a single transaction is shown to its places, with what they accept',
      by: [
        'v1-service > refuse whoever comes without a key, in JSON',
        'v1-reads-wire > reads one transaction of its place, and no other',
        'v1-defects-10-new > shows of the card of a transaction what the place accepts',
      ],
    },
    {
      row: 18,
      says: 'a place reads what concerns it, and every card',
      by: [
        'v1-reads > hides from a place the wallets that it has nothing to do with',
        'v1-line-reads > shows one to the place that it concerns, by id and by hash',
        'v1-reads > shows a scanned card in any case of its tag, to every place',
      ],
    },
    {
      row: 19,
      says: 'reads of persons need a key too, and show all their moneys',
      by: [
        'v1-ordering > is refused without key, wallet, date or signature, and with those of another',
        'v1-reads-wire > reads the wallet of a person, with the money of every place',
      ],
    },
    {
      row: 20,
      says: 'a key that has expired opens nothing',
      by: [
        'v1-ordering > is refused with a key that has expired, was revoked, or is of another place',
        'v1-defects-10-new > refuses a key that has expired or was revoked in every class',
      ],
    },
    {
      row: 21,
      says: 'bad input gets JSON and a 4xx',
      by: [
        'v1-till > gets 400 and JSON from %s, and no tx',
        'v1-refusals > of $path is refused in JSON, and breaks nothing',
        'v1-refusals > of $path with odd parts in its address',
        'v1-refusals > of $method $path with odd headers',
      ],
    },
    {
      row: 22,
      says: 'amounts have a limit, sums have room',
      by: [
        'v1-till > have amounts of 0 to 2 147 483 647 (row 22)',
        'v1-defects-10-new > adds up more than 32 bits hold',
      ],
    },
    {
      row: 23,
      says: 'the order of lines does not hang on a clock',
      by: [
        'v1-till > does not come from the future (row 23): it can be used at once',
        'v1-clock > may be set by minutes: sales go on, in an order that their times never contradict',
        'v1-clock > that was set back by hours before a start blocks no asset',
      ],
    },
    {
      row: 24,
      says: 'an unpaid return does not block',
      by: [
        'v1-online-refills > answers the page, the same for the same signed request, and comes back as Lespass expects',
        'v1-online-refills > says 404 for a checkout that nobody made, and 503 while Stripe is silent',
      ],
    },
    {
      row: 25,
      says: 'what is accepted is never read from before',
      by: ['v1-defects-10-new > decides by what is accepted now'],
    },
    {
      row: 26,
      says: 'two routes of totals do not answer for each other',
      by: ['v1-defects-10-new > answers two routes of totals each in its shape'],
    },
    {
      row: 27,
      says: 'a history has names and balances of now',
      by: ['v1-defects-10-new > shows a history with the balance of now'],
    },
    {
      row: 28,
      says: 'reads with an effect have it once, and are never kept by a proxy',
      by: [
        'v1-lespass > is one badge for one signature, and another for the next',
        'v1-till > is archived by its place alone, once and again',
        'v1-reads > writes nothing when it reads',
        'v1-refusals > of $path with odd parts in its address',
      ],
    },
    {
      row: 29,
      says: 'no sale waits for Lespass',
      by: [
        'v1-membership-notice > tries again after a failure and after no answer, the others meanwhile',
        'v1-membership-notice > tells after a restart what was not told, and nothing that was',
      ],
    },
    {
      row: 30,
      says: 'two places may each have an asset of the same name',
      by: [
        'v1-lespass > gives a homonymous asset of another place a federation and a name of its own',
      ],
    },
    {
      row: 31,
      says: 'the membership of another place is sold from the first time on',
      by: ['v1-till > of another place is sold from the first time on when they share it (row 31)'],
    },
    {
      row: 32,
      says: 'a membership is for the signer',
      by: ['v1-lespass-payments > is for the signer, from the place, and for memberships'],
    },
    {
      row: 33,
      says: 'a reward is given once',
      by: [
        'v1-lespass-payments > does not give another reward under a key that gave one',
        'v1-lespass-payments > rewards each scan of a ticket, also of one order line',
      ],
    },
    {
      row: 34,
      says: 'cards are not found by trying',
      by: [
        '../src/v1/guess-limit > has its misses, then one for each that came back',
        'v1-defects-10-new > makes a key wait that asks for card after card, and tells it once',
      ],
    },
    {
      row: 35,
      says: 'a primary card of another place is refused in the words that tills know',
      by: ['v1-till > must have a primary card of the place (row 35): tills look for that key'],
    },
    {
      row: 36,
      says: 'an order of cards is made whole or not at all',
      by: ['v1-till > are refused all together when one is wrong (row 36)'],
    },
    {
      row: 37,
      says: 'tags and numbers have no case',
      by: [
        'v1-till > names cards by their ids, or by tags in any case (row 37)',
        'v1-defects-10-new > links and loses a card by its number in any case',
      ],
    },
    {
      row: 38,
      says: 'the federated euro is always the one of Stripe',
      by: ['v1-objects > shows the federated euro as the money of no place'],
    },
    {
      row: 39,
      says: 'a caller does not choose the address that is stored',
      by: ['v1-defects-10-new > believes no caller about their address'],
    },
    {
      row: 40,
      says: 'the misspelt name that clients send is kept',
      by: ['v1-till > must have a primary card of the place (row 35): tills look for that key'],
      void: 'Of the other misspelt names, nobody reads one; `Invalid singature` is v1’s text and is kept in v1-lespass.',
    },
    {
      row: 41,
      says: 'a gift payment by QR is refused',
      by: [
        'v1-lespass-payments > refuses one cent more than there is, what is not accepted here, and every gift payment',
      ],
    },
    {
      row: 42,
      says: 'a QR payment takes moneys in a fixed order',
      by: [
        'v1-lespass-payments > takes local money first and federated euros last, in one tx',
        'v1-lespass-payments > takes the older of two local moneys first, wherever the money came in first',
      ],
    },
    {
      row: 43,
      says: 'a wallet that once held money takes no second card',
      by: [
        'v1-lespass > takes a first card and refuses a second one once the wallet has held money',
      ],
    },
    {
      row: 44,
      says: 'a history follows every card that became the person’s',
      by: [
        'v1-line-reads > pages a history with all cards that became the person’s, newest first',
        'payouts-stripe > draws on several payments, oldest first, those of a linked card too',
      ],
    },
    {
      row: 45,
      says: 'a second refund answers 205 and moves nothing',
      by: [
        'v1-till > gives back local and gift money and federated euros, keeps the rest, and is empty then (row 45)',
      ],
    },
  ],
  45,
)

/** The `fedow` command: the list of what it can do. */
import { CommanderError } from 'commander'
import type { AnyCommand } from './command.ts'
import { apiKeyCreate } from './commands/api-key-create.ts'
import { apiKeyList } from './commands/api-key-list.ts'
import { apiKeyRevoke } from './commands/api-key-revoke.ts'
import { assetArchive } from './commands/asset-archive.ts'
import { assetCreate } from './commands/asset-create.ts'
import { assetFigures } from './commands/asset-figures.ts'
import { assetList } from './commands/asset-list.ts'
import { assetMelting } from './commands/asset-melting.ts'
import { assetPolicy } from './commands/asset-policy.ts'
import { assetShow } from './commands/asset-show.ts'
import { audit } from './commands/audit.ts'
import { cardImport } from './commands/card-import.ts'
import { cardLink } from './commands/card-link.ts'
import { cardLost } from './commands/card-lost.ts'
import { cardPrimary } from './commands/card-primary.ts'
import { cardReplace } from './commands/card-replace.ts'
import { cardRestore } from './commands/card-restore.ts'
import { cardShow } from './commands/card-show.ts'
import { cardVoid } from './commands/card-void.ts'
import { checkpointKey } from './commands/checkpoint-key.ts'
import { checkpointShow } from './commands/checkpoint-show.ts'
import { clearing } from './commands/clearing.ts'
import { creditLimit } from './commands/credit-limit.ts'
import { deposit } from './commands/deposit.ts'
import { dividendClaim } from './commands/dividend-claim.ts'
import { dividendCompute } from './commands/dividend-compute.ts'
import { dividendShow } from './commands/dividend-show.ts'
import { exchange } from './commands/exchange.ts'
import { exportHledger } from './commands/export-hledger.ts'
import { exportV1 } from './commands/export-v1.ts'
import { federationAccept } from './commands/federation-accept.ts'
import { federationCreate } from './commands/federation-create.ts'
import { federationInvite } from './commands/federation-invite.ts'
import { federationLeave } from './commands/federation-leave.ts'
import { federationList } from './commands/federation-list.ts'
import { federationShare } from './commands/federation-share.ts'
import { federationUnshare } from './commands/federation-unshare.ts'
import { fundList } from './commands/fund-list.ts'
import { history } from './commands/history.ts'
import { holdCapture } from './commands/hold-capture.ts'
import { holdOpen } from './commands/hold-open.ts'
import { holdRelease } from './commands/hold-release.ts'
import { importV1 } from './commands/import-v1.ts'
import { init } from './commands/init.ts'
import { issue } from './commands/issue.ts'
import { issueApprove } from './commands/issue-approve.ts'
import { keyAdd } from './commands/key-add.ts'
import { keyList } from './commands/key-list.ts'
import { keyNew } from './commands/key-new.ts'
import { keyRemove } from './commands/key-remove.ts'
import { lines } from './commands/lines.ts'
import { meltingCheck } from './commands/melting-check.ts'
import { meltingPresets } from './commands/melting-presets.ts'
import { meltingSimulate } from './commands/melting-simulate.ts'
import { memberAdmit } from './commands/member-admit.ts'
import { memberLeave } from './commands/member-leave.ts'
import { offerClose } from './commands/offer-close.ts'
import { offerList } from './commands/offer-list.ts'
import { offerOpen } from './commands/offer-open.ts'
import { openapi } from './commands/openapi.ts'
import { paymentAgain } from './commands/payment-again.ts'
import { paymentCancel } from './commands/payment-cancel.ts'
import { paymentList } from './commands/payment-list.ts'
import { paymentOpen } from './commands/payment-open.ts'
import { paymentShow } from './commands/payment-show.ts'
import { paymentTerminal } from './commands/payment-terminal.ts'
import { payoutCancel } from './commands/payout-cancel.ts'
import { payoutList } from './commands/payout-list.ts'
import { payoutOpen } from './commands/payout-open.ts'
import { payoutPay } from './commands/payout-pay.ts'
import { payoutPreview } from './commands/payout-preview.ts'
import { payoutRefund } from './commands/payout-refund.ts'
import { payoutShow } from './commands/payout-show.ts'
import { placeAdmit } from './commands/place-admit.ts'
import { placeCreate } from './commands/place-create.ts'
import { placeList } from './commands/place-list.ts'
import { placeRename } from './commands/place-rename.ts'
import { proposalList } from './commands/proposal-list.ts'
import { proposalOpen } from './commands/proposal-open.ts'
import { proposalShow } from './commands/proposal-show.ts'
import { proposalText } from './commands/proposal-text.ts'
import { proposalVoters } from './commands/proposal-voters.ts'
import { readerList } from './commands/reader-list.ts'
import { receiptShow } from './commands/receipt-show.ts'
import { receiptVerify } from './commands/receipt-verify.ts'
import { refill } from './commands/refill.ts'
import { refund } from './commands/refund.ts'
import { reminderForget } from './commands/reminder-forget.ts'
import { reminderList } from './commands/reminder-list.ts'
import { reminderSet } from './commands/reminder-set.ts'
import { reminderUnsubscribe } from './commands/reminder-unsubscribe.ts'
import { reserveMove } from './commands/reserve-move.ts'
import { reserveShow } from './commands/reserve-show.ts'
import { reserveStatement } from './commands/reserve-statement.ts'
import { sale } from './commands/sale.ts'
import { start } from './commands/start.ts'
import { stateProve } from './commands/state-prove.ts'
import { statementVerify } from './commands/statement-verify.ts'
import { status } from './commands/status.ts'
import { transfer } from './commands/transfer.ts'
import { venueAccount } from './commands/venue-account.ts'
import { venueList } from './commands/venue-list.ts'
import { venuePay } from './commands/venue-pay.ts'
import { venueTransferCancel } from './commands/venue-transfer-cancel.ts'
import { venueTransferDone } from './commands/venue-transfer-done.ts'
import { venueTransferFile } from './commands/venue-transfer-file.ts'
import { voteCast } from './commands/vote-cast.ts'
import { walletMelting } from './commands/wallet-melting.ts'
import { walletOpen } from './commands/wallet-open.ts'
import { walletShow } from './commands/wallet-show.ts'
import { walletStatement } from './commands/wallet-statement.ts'
import { witnessAsk } from './commands/witness-ask.ts'
import { witnessKey } from './commands/witness-key.ts'
import { witnessList } from './commands/witness-list.ts'
import { witnessUnask } from './commands/witness-unask.ts'
import { witnessUnwatch } from './commands/witness-unwatch.ts'
import { witnessWatch } from './commands/witness-watch.ts'
import { EXIT, type ExitCode, toFailureView } from './failure.ts'
import { type CommandGroup, toProgram } from './program.ts'

/** Commands by the noun that groups them, in the order of help. */
export const COMMANDS: readonly AnyCommand[] = [
  ...[init, start, status],
  ...[placeCreate, placeList, placeRename, placeAdmit],
  ...[assetCreate, assetList, assetShow, assetPolicy, assetFigures, assetMelting, assetArchive],
  creditLimit,
  ...[proposalOpen, proposalList, proposalShow, proposalText, proposalVoters],
  voteCast,
  fundList,
  ...[federationCreate, federationList, federationInvite, federationAccept, federationLeave],
  ...[federationShare, federationUnshare],
  ...[cardImport, cardShow, cardPrimary, cardLink, cardLost, cardRestore, cardReplace, cardVoid],
  ...[walletOpen, walletShow, walletMelting, walletStatement],
  ...[meltingPresets, meltingSimulate, meltingCheck],
  ...[sale, refill, refund, transfer, issue, issueApprove, deposit],
  ...[offerOpen, offerList, offerClose],
  exchange,
  ...[memberAdmit, memberLeave, dividendShow, dividendClaim, dividendCompute],
  ...[paymentOpen, paymentTerminal, paymentList, paymentShow, paymentAgain, paymentCancel],
  readerList,
  ...[reminderList, reminderSet, reminderUnsubscribe, reminderForget],
  ...[holdOpen, holdCapture, holdRelease],
  ...[reserveShow, reserveMove, reserveStatement],
  ...[venueList, venueAccount, venuePay],
  ...[venueTransferFile, venueTransferDone, venueTransferCancel],
  clearing,
  ...[payoutPreview, payoutRefund, payoutList, payoutShow],
  ...[payoutOpen, payoutPay, payoutCancel],
  ...[history, lines, audit, stateProve, exportHledger, exportV1, importV1],
  ...[receiptShow, receiptVerify, statementVerify, checkpointShow, checkpointKey],
  ...[witnessKey, witnessWatch, witnessUnwatch, witnessAsk, witnessUnask, witnessList],
  ...[keyNew, keyList, keyAdd, keyRemove],
  ...[apiKeyCreate, apiKeyList, apiKeyRevoke],
  openapi,
]

const GROUPS: Readonly<Record<string, CommandGroup>> = {
  place: { what: 'Venues', alias: 'places' },
  asset: { what: 'Moneys, points, badges and memberships', alias: 'assets' },
  credit: { what: 'Mutual credit', alias: 'credits' },
  proposal: { what: 'What places decide together', alias: 'proposals' },
  vote: { what: 'Votes of places', alias: 'votes' },
  fund: { what: 'Money of the commons, which only a vote moves', alias: 'funds' },
  offer: { what: 'Points of change', alias: 'offers' },
  federation: { what: 'Places that accept each other’s assets', alias: 'federations' },
  card: { what: 'Cards and card orders', alias: 'cards' },
  wallet: { what: 'Wallets of persons and places', alias: 'wallets' },
  melting: { what: 'How money melts while it sleeps' },
  member: { what: 'Who makes free money', alias: 'members' },
  dividend: { what: 'The dividend of free money', alias: 'dividends' },
  payment: { what: 'Refills with a bank card, online and at terminals', alias: 'payments' },
  reader: { what: 'Terminals for bank cards', alias: 'readers' },
  reminder: { what: 'Reminders of money that melts', alias: 'reminders' },
  hold: { what: 'Money reserved and not yet paid', alias: 'holds' },
  reserve: { what: 'The euros behind federated euros' },
  venue: { what: 'Euros for the federated euros that venues earn', alias: 'venues' },
  payout: { what: 'Federated euros that go back in euros', alias: 'payouts' },
  receipt: { what: 'Proofs of single txs', alias: 'receipts' },
  statement: { what: 'Proofs of what is in a wallet', alias: 'statements' },
  checkpoint: { what: 'What a log signs of its book', alias: 'checkpoints' },
  export: { what: 'The book for other programs' },
  import: { what: 'Books of other programs' },
  state: { what: 'Records of the book' },
  witness: { what: 'Nodes that watch each other’s books', alias: 'witnesses' },
  key: { what: 'Signing keys in the book', alias: 'keys' },
  'api-key': { what: 'Keys of programs that use the HTTP API', alias: 'api-keys' },
}

/** Runs a command line; answers the exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  // Whoever reads our output may have read enough, as `head` has.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done)
    throw error
  })
  try {
    await toProgram(COMMANDS, GROUPS).parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (cause) {
    if (cause instanceof CommanderError && cause.exitCode === 0) return EXIT.done
    const { exit, sentence, json } = toFailureView(cause)
    // What is wrong with the words of a command was told while they were read.
    if (!(cause instanceof CommanderError)) process.stderr.write(`${sentence}\n`)
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(json)}\n`)
    return exit
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

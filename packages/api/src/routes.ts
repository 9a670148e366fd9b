import * as asset from './asset.ts'
import * as block from './block.ts'
import * as card from './card.ts'
import * as clearing from './clearing.ts'
import * as dividend from './dividend.ts'
import * as federation from './federation.ts'
import * as figures from './figures.ts'
import * as fund from './fund.ts'
import * as history from './history.ts'
import * as hold from './hold.ts'
import * as key from './key.ts'
import * as line from './line.ts'
import * as melting from './melting.ts'
import * as money from './money.ts'
import * as offer from './offer.ts'
import * as payerPayout from './payer-payout.ts'
import * as payment from './payment.ts'
import * as payout from './payout.ts'
import * as place from './place.ts'
import { ProblemView } from './problem.ts'
import * as proposal from './proposal.ts'
import * as receipt from './receipt.ts'
import * as reserve from './reserve.ts'
import type { Route } from './route.ts'
import * as simulation from './simulation.ts'
import * as stateProof from './state-proof.ts'
import * as statement from './statement.ts'
import * as status from './status.ts'
import * as terminal from './terminal.ts'
import * as text from './text.ts'
import * as tx from './tx.ts'
import * as venue from './venue.ts'
import * as wallet from './wallet.ts'
import * as witness from './witness.ts'

/** Every route of the API, in the order of the OpenAPI document. */
export const ROUTES: readonly Route[] = [
  status.getLiveness,
  status.getReadiness,
  status.getStatus,
  status.getOpenapi,
  reserve.getReserve,
  reserve.moveReserve,
  clearing.getClearing,
  tx.postTx,
  tx.getTx,
  receipt.getReceipt,
  receipt.getTlogProof,
  place.listPlaces,
  place.getPlace,
  place.openPlace,
  place.renamePlace,
  asset.listAssets,
  asset.getAsset,
  asset.createAsset,
  asset.archiveAsset,
  asset.changePolicy,
  figures.getAssetFigures,
  melting.getAssetMelting,
  melting.listMeltingPresets,
  simulation.postSimulation,
  dividend.getDividend,
  dividend.claimDividend,
  dividend.admitMember,
  dividend.getMember,
  dividend.endMembership,
  asset.setCreditLimit,
  federation.listFederations,
  federation.getFederation,
  federation.createFederation,
  federation.inviteToFederation,
  federation.acceptInvitation,
  federation.leaveFederation,
  federation.shareAsset,
  federation.unshareAsset,
  card.getCard,
  melting.getCardMelting,
  card.importCards,
  card.linkCard,
  card.reportCardLost,
  card.restoreCard,
  card.replaceCard,
  card.voidCard,
  card.setPrimaryCards,
  card.listBatches,
  card.getBatch,
  wallet.openWallet,
  wallet.getWallet,
  melting.getWalletMelting,
  wallet.listWalletLines,
  statement.getStatement,
  money.postSale,
  money.postQrSale,
  money.postRefill,
  money.postRefund,
  money.postTransfer,
  money.postIssue,
  money.postDeposit,
  money.postSubscription,
  money.postBadge,
  offer.listOffers,
  offer.openOffer,
  offer.closeOffer,
  offer.previewExchange,
  offer.postExchange,
  payment.postOnlineRefill,
  payment.getPayment,
  payment.listPayments,
  terminal.listReaders,
  terminal.postTerminalPayment,
  terminal.askAgain,
  terminal.cancelPayment,
  payerPayout.previewPayout,
  payerPayout.refundPayer,
  payerPayout.listPayouts,
  payout.openPayout,
  payout.getPayout,
  payout.payPayout,
  payout.cancelPayout,
  venue.listVenues,
  venue.setVenueAccount,
  venue.setOwnAccount,
  venue.payVenue,
  venue.makeTransferFile,
  venue.getTransferFile,
  venue.attestTransferFile,
  venue.cancelTransferFile,
  hold.openHold,
  hold.getHold,
  hold.captureHold,
  hold.releaseHold,
  proposal.listProposals,
  proposal.getProposal,
  proposal.previewProposal,
  proposal.getElectorate,
  text.postText,
  text.getText,
  fund.listFunds,
  line.listLines,
  line.getLine,
  block.listBlocks,
  block.getBlock,
  stateProof.getRecordProof,
  history.getCheckpoint,
  history.getTile,
  history.getEntryBundle,
  history.getConsistency,
  witness.addCheckpoint,
  witness.getWitness,
  witness.watchLog,
  witness.unwatchLog,
  witness.askWitness,
  witness.unaskWitness,
  key.listApiKeys,
  key.createApiKey,
  key.revokeApiKey,
  key.listKeys,
  key.changeKeys,
]

/** Schemas that others name: a server knows them by their `$id`. */
export const NAMED_SCHEMAS = [
  ProblemView,
  melting.MeltingTermsView,
  asset.PolicyView,
  asset.AssetView,
  figures.AssetFiguresView,
  melting.MeltView,
  melting.AccountMeltingView,
  melting.WalletMeltingView,
  melting.AssetMeltingView,
  melting.MeltingPresetView,
  simulation.SimulatedTerms,
  simulation.SimulationView,
  simulation.SimulationFile,
  dividend.DividendValueView,
  dividend.DividendView,
  dividend.MemberView,
  line.AssetName,
  line.LineView,
  line.LinePage,
  tx.TxAnswer,
  tx.TxView,
  receipt.ReceiptView,
  place.PlaceView,
  federation.FederationView,
  wallet.AccountView,
  wallet.MembershipView,
  wallet.WalletView,
  statement.StatementView,
  card.CardView,
  card.BatchView,
  card.CardImportReport,
  payment.PaymentView,
  terminal.ReaderView,
  payout.PayoutView,
  venue.VenueTransferView,
  venue.TransferFileView,
  hold.HoldView,
  offer.OfferView,
  proposal.RefusalView,
  proposal.ProposalView,
  proposal.ProposalDetails,
  fund.FundAccountView,
  block.BlockView,
  stateProof.RecordProofView,
  witness.WatchedLogView,
  witness.AskedWitnessView,
  witness.WitnessView,
  key.ApiKeyView,
  key.KeyView,
  key.GrantView,
] as const

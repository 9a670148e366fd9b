/** How v1 calls kinds of assets and actions in French. */
import type { AssetKind, LineAction } from '@fedow/ledger'

export const CATEGORY_LABELS: Readonly<Record<AssetKind, string>> = {
  FED: 'Fiduciaire fédérée',
  TLF: 'Fiduciaire',
  TNF: 'Cadeau',
  TIM: 'Monnaie temps',
  FID: 'Points de fidélité',
  BDG: 'Badgeuse/Pointeuse',
  SUB: 'Adhésion ou abonnement',
  MVO: 'Titre-repas',
  LIB: 'Monnaie libre',
  MUT: 'Crédit mutuel',
}

/** Actions that v1 knows. Lines of the others, about money reserved or opened, do not exist for its clients. */
export type V1Action = Exclude<
  LineAction,
  ('HLD' | 'REL' | 'EXP' | 'OPN') | ('MLT' | 'RDS' | 'GRT' | 'EXC' | 'PRP' | 'VOT' | 'APL' | 'DVD')
>

export const ACTION_LABELS: Readonly<Record<V1Action, string>> = {
  FST: 'Premier bloc',
  CRE: 'Creation monétaire',
  REF: 'Recharge',
  SAL: "Vente d'article",
  QRS: 'Vente via QrCode ou NFC',
  SUB: 'Abonnement ou adhésion',
  BDG: 'Badgeuse',
  FUS: 'Fusion de deux wallets',
  RFD: 'Remboursement',
  BNK: 'Remise en banque',
  TRF: 'Transfert',
  COR: 'Correction de dérive (réconciliation)',
}

export function isV1Action(action: LineAction): action is V1Action {
  return Object.hasOwn(ACTION_LABELS, action)
}

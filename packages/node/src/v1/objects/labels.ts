/** How v1 calls kinds of assets and actions in French, and what of ours it sees as something that it knows. */
import { type Asset, type LineAction, V1_KINDS } from '@fedow/ledger'

/** Kinds of asset that v1 knows. Of the others, and of the reserve's euro, its clients see nothing. */
export type V1Kind = (typeof V1_KINDS)[number]

const KINDS: ReadonlySet<string> = new Set(V1_KINDS)

export function isV1Kind(kind: Asset['kind'] | undefined): kind is V1Kind {
  return kind !== undefined && KINDS.has(kind)
}

export const CATEGORY_LABELS: Readonly<Record<V1Kind, string>> = {
  FED: 'Fiduciaire fédérée',
  TLF: 'Fiduciaire',
  TNF: 'Cadeau',
  TIM: 'Monnaie temps',
  FID: 'Points de fidélité',
  BDG: 'Badgeuse/Pointeuse',
  SUB: 'Adhésion ou abonnement',
}

/** Lines of ours that v1 sees as transfers, with what is said about them. */
const TRANSFERS = {
  MLT: 'Monnaie fondante : part revenue au commun',
  RDS: 'Monnaie fondante : part redistribuée',
  GRT: 'Subvention votée, versée par un fonds commun',
  EXC: 'Change entre deux monnaies',
} as const satisfies Partial<Record<LineAction, string>>
type AsTransfer = keyof typeof TRANSFERS

/** Actions that v1 knows. */
export type V1Action = Exclude<
  LineAction,
  ('HLD' | 'REL' | 'EXP' | 'OPN') | ('PRP' | 'VOT' | 'APL' | 'DVD') | AsTransfer
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

/** The action as which v1 sees a line. Undefined for those that do not exist for it: of money reserved or opened, of votes, of dividends. */
export function toV1Action(action: LineAction): V1Action | undefined {
  if (Object.hasOwn(TRANSFERS, action)) return 'TRF'
  return Object.hasOwn(ACTION_LABELS, action) ? (action as V1Action) : undefined
}

/** What v1 reads beside a line of ours that it sees as a transfer. */
export function transferComment(action: LineAction): string | undefined {
  return Object.hasOwn(TRANSFERS, action) ? TRANSFERS[action as AsTransfer] : undefined
}

/** The words of the pages at `/dashboard/`, beside those of every page. Every key exists in both languages. */
import { LINE_WORDS } from '@fedow/api'
import type { LineAction } from '@fedow/ledger'
import type { Language } from './words.ts'

const fr = {
  dashboard: 'Tableau de bord',
  about:
    'Ce que tout le monde peut voir du livre. Aucun portefeuille, aucune carte, aucune personne.',
  node: 'Le nœud',
  asOf: 'Livre arrêté au',
  counting: 'Comptage en cours. Lignes comptées :',
  countingOf: 'sur',
  countingMeans:
    'Les monnaies créées et remises, les portefeuilles, les lieux et les mois sont encore trop bas.',
  reload: 'Recharger la page',
  moneys: 'Monnaies',
  federations: 'Fédérations',
  places: 'Lieux',
  wallets: 'Portefeuilles utilisés',
  cards: 'Cartes',
  supply: 'Masse monétaire',
  supplyMeans:
    'En circulation : tout ce qui existe aujourd’hui, dans les lieux et dans les autres portefeuilles. Créée, remise par les lieux : depuis le début ; le reste a été remboursé. Deux monnaies ne s’additionnent jamais.',
  minted: 'Créée',
  issued: 'En circulation',
  inPlaces: 'Dans les lieux',
  elsewhere: 'Dans d’autres portefeuilles',
  deposited: 'Remise',
  noMoney: 'Aucune monnaie.',
  busiest: 'Lieux les plus actifs',
  place: 'Lieu',
  received: 'Lignes reçues',
  noPlaceYet: 'Aucun lieu n’a encore rien reçu.',
  months: 'Lignes par mois',
  month: 'Mois (UTC)',
  lines: 'Lignes',
  noLine: 'Aucune ligne.',
  last: 'Dernières lignes',
  when: 'Quand (UTC)',
  what: 'Quoi',
  from: 'De',
  to: 'À',
  amount: 'Montant',
  wallet: 'un portefeuille',
  suspended: 'Ce lieu est suspendu : il n’encaisse plus.',
  ownCards: 'Cartes de ce lieu',
  allCards: 'Cartes en tout',
  allWallets: 'Portefeuilles utilisés en tout',
  accepted: 'Monnaies acceptées ici',
  others: 'Adhésions et badges',
  noFederation: 'Ce lieu n’est dans aucune fédération.',
  unknown: 'Aucun lieu à cette adresse',
  unknownMeans:
    'Ce nœud ne connaît pas de lieu de cet identifiant. Le lien est peut-être incomplet, ou le lieu est dans un autre réseau. Aucune somme n’a bougé.',
  toDashboard: 'Voir le tableau de bord',
} as const

export type DashboardWords = Readonly<Record<keyof typeof fr, string>>

const en: DashboardWords = {
  dashboard: 'Dashboard',
  about: 'What everybody may see of the book. No wallet, no card, no person.',
  node: 'The node',
  asOf: 'Book as of',
  counting: 'Still counting. Lines counted:',
  countingOf: 'of',
  countingMeans: 'Moneys created and handed in, wallets, places and months are still too low.',
  reload: 'Load the page again',
  moneys: 'Moneys',
  federations: 'Federations',
  places: 'Places',
  wallets: 'Wallets used',
  cards: 'Cards',
  supply: 'Money supply',
  supplyMeans:
    'In circulation: all there is today, in places and in other wallets. Created, handed in by places: since the beginning; the rest was refunded. Two moneys are never added up.',
  minted: 'Created',
  issued: 'In circulation',
  inPlaces: 'In places',
  elsewhere: 'In other wallets',
  deposited: 'Handed in',
  noMoney: 'No money.',
  busiest: 'Busiest places',
  place: 'Place',
  received: 'Lines received',
  noPlaceYet: 'No place has received anything yet.',
  months: 'Lines by month',
  month: 'Month (UTC)',
  lines: 'Lines',
  noLine: 'No line.',
  last: 'Last lines',
  when: 'When (UTC)',
  what: 'What',
  from: 'From',
  to: 'To',
  amount: 'Amount',
  wallet: 'a wallet',
  suspended: 'This place is suspended: it takes no payments.',
  ownCards: 'Cards of this place',
  allCards: 'Cards in all',
  allWallets: 'Wallets used in all',
  accepted: 'Moneys accepted here',
  others: 'Memberships and badges',
  noFederation: 'This place is in no federation.',
  unknown: 'No place at this address',
  unknownMeans:
    'This node knows no place of that id. The link may be incomplete, or the place is in another network. No money has moved.',
  toDashboard: 'See the dashboard',
}

const WORDS: Readonly<Record<Language, DashboardWords>> = { fr, en }

export function dashboardWords(language: Language): DashboardWords {
  return WORDS[language]
}

const FRENCH_ACTIONS: Readonly<Record<LineAction, string>> = {
  FST: 'monnaie ouverte',
  CRE: 'création',
  REF: 'recharge',
  SAL: 'vente',
  QRS: 'vente par QR code',
  SUB: 'adhésion',
  BDG: 'badge',
  FUS: 'carte liée',
  RFD: 'remboursement',
  BNK: 'remise',
  TRF: 'transfert',
  COR: 'correction',
  HLD: 'réservation',
  REL: 'réservation rendue',
  EXP: 'réservation échue',
  OPN: "solde d'ouverture",
  MLT: 'fonte',
  RDS: 'partage de la fonte',
  PRP: 'proposition',
  VOT: 'vote',
  APL: 'vote appliqué',
  GRT: 'subvention',
  DVD: 'dividende',
  EXC: 'change',
}

export function actionWord(action: LineAction, language: Language): string {
  return language === 'fr' ? FRENCH_ACTIONS[action] : LINE_WORDS[action]
}

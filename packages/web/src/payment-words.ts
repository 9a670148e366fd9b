/** The words of the pages about payments. Every key exists in both languages. */
import type { Language } from './words.ts'

const fr = {
  sandbox: 'Paiement d’essai',
  sandboxLead: 'Aucun argent réel ne bouge ici. Aucune carte bancaire n’est demandée.',
  notReal: 'ESSAI : AUCUN ARGENT RÉEL',
  amount: 'Montant en euros',
  chosen: 'À payer',
  how: 'Que doit-il se passer ?',
  paid: 'Payé',
  paidMeans: 'La banque accepte, et vous revenez.',
  declined: 'Refusé',
  declinedMeans: 'La banque refuse ; vous pouvez essayer encore.',
  later: 'Payé deux jours plus tard',
  laterMeans: 'La banque fait attendre, puis accepte.',
  never: 'Payé, sans revenir',
  neverMeans: 'La banque accepte, et vous fermez la page.',
  twice: 'Payé, annoncé deux fois',
  twiceMeans: 'La banque accepte et le dit deux fois au même moment.',
  disputed: 'Payé, puis contesté',
  disputedMeans: 'La banque accepte, puis reprend l’argent à votre demande.',
  refusedAmount: 'Le montant doit être entre 0,50 et 1 000,00 euros. Rien n’a été payé.',
  refusedCard: 'La banque a refusé la carte. Rien n’a été payé.',
  clock: 'L’horloge de l’essai',
  clockMeans: 'Avancez-la pour voir ce qui attend se terminer : la banque, ou la page elle-même.',
  hour: 'une heure',
  day: 'un jour',
  threeDays: 'trois jours',
  forward: 'Avancer de',
  state: 'Où en est ce paiement',
  open: 'Personne n’a encore payé.',
  pending: 'La banque n’a pas encore répondu.',
  settled: 'Il est payé.',
  failed: 'Il a échoué.',
  expired: 'La page a expiré.',
  back: 'Revenir',
  payment: 'Votre recharge',
  credited: 'C’est fait',
  creditedMeans: 'L’argent est sur la carte ou dans le portefeuille.',
  received: 'Reçu',
  receivedMeans:
    'Votre paiement est reçu, la recharge est en cours. Vous n’avez rien à faire : elle se termine toute seule, même si vous fermez cette page.',
  keeperMeans:
    'Votre paiement est reçu. À partir de ce montant, une deuxième personne le vérifie avant que la recharge ne soit faite. Vous n’avez rien à faire : elle se termine toute seule, même si vous fermez cette page.',
  tomorrowMeans:
    'Votre paiement est reçu. Le réseau a émis tout ce qu’il émet en un jour : la recharge se fera demain, toute seule, même si vous fermez cette page.',
  waiting: 'En attente',
  waitingMeans:
    'Aucun paiement n’est encore arrivé. Si vous venez de payer, rechargez cette page dans un moment ; ne payez pas deux fois.',
  pay: 'Aller à la page de paiement',
  over: 'Rien n’a été payé',
  overMeans: 'Ce paiement n’a pas abouti. Rien n’est crédité ; vous pouvez en commencer un autre.',
  reload: 'Recharger la page',
  none: 'Aucun paiement à cette adresse',
  noneMeans: 'Le lien est peut-être incomplet. Aucune somme n’a bougé.',
} as const

type PaymentWords = Readonly<Record<keyof typeof fr, string>>

const en: PaymentWords = {
  sandbox: 'Try-out payment',
  sandboxLead: 'No real money moves here. Nobody asks for a bank card.',
  notReal: 'TRY-OUT: NO REAL MONEY',
  amount: 'Amount in euros',
  chosen: 'To pay',
  how: 'What shall happen?',
  paid: 'Paid',
  paidMeans: 'The bank accepts, and you come back.',
  declined: 'Declined',
  declinedMeans: 'The bank refuses; you may try again.',
  later: 'Paid two days later',
  laterMeans: 'The bank makes you wait, then accepts.',
  never: 'Paid, without coming back',
  neverMeans: 'The bank accepts, and you close the page.',
  twice: 'Paid, told twice',
  twiceMeans: 'The bank accepts, and says so twice at the same moment.',
  disputed: 'Paid, then disputed',
  disputedMeans: 'The bank accepts, then takes the money back because you ask.',
  refusedAmount: 'The amount must be from 0.50 to 1,000.00 euros. Nothing was paid.',
  refusedCard: 'The bank has refused the card. Nothing was paid.',
  clock: 'The clock of the try-out',
  clockMeans: 'Move it forward to see what waits come to its end: the bank, or the page itself.',
  hour: 'one hour',
  day: 'one day',
  threeDays: 'three days',
  forward: 'Forward by',
  state: 'How this payment stands',
  open: 'Nobody has paid yet.',
  pending: 'The bank has not answered yet.',
  settled: 'It is paid.',
  failed: 'It has failed.',
  expired: 'The page has expired.',
  back: 'Go back',
  payment: 'Your refill',
  credited: 'Done',
  creditedMeans: 'The money is on the card or in the wallet.',
  received: 'Received',
  receivedMeans:
    'Your payment is received and is being credited. There is nothing to do: it ends by itself, even if you close this page.',
  keeperMeans:
    'Your payment is received. From this amount on, a second person looks at it before the refill is made. You need not do anything: it ends by itself, even if you close this page.',
  tomorrowMeans:
    'Your payment is received. The network has issued all that it issues in a day: the refill is made tomorrow by itself, even if you close this page.',
  waiting: 'Waiting',
  waitingMeans:
    'No payment has come in yet. If you have just paid, load this page again in a moment; do not pay twice.',
  pay: 'Go to the page to pay on',
  over: 'Nothing was credited',
  overMeans: 'This payment did not succeed. Nothing is credited; you can begin another one.',
  reload: 'Load the page again',
  none: 'No payment at this address',
  noneMeans: 'The link may be incomplete. No money has moved.',
}

const WORDS: Readonly<Record<Language, PaymentWords>> = { fr, en }

export function paymentWords(language: Language): PaymentWords {
  return WORDS[language]
}

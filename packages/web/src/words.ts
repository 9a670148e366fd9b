/** The words of the pages. French is the first language; every key exists in both. */
export type Language = 'fr' | 'en'

const fr = {
  title: 'Un nœud Fedow',
  about:
    'Fedow est le moteur d’une petite banque coopérative : monnaies locales, temps, cadeaux et euros fédérés sur une même carte, dans tous les lieux qui les acceptent.',
  federatedEuros: 'Euros fédérés en circulation',
  blocks: 'Blocs',
  lines: 'Lignes dans le livre',
  places: 'Lieux',
  assets: 'Monnaies',
  asset: 'Monnaie',
  kind: 'Sorte',
  issuer: 'Émise par',
  issued: 'En circulation',
  network: 'le réseau',
  lastBlock: 'Dernier bloc',
  chain: 'Chaîne',
  developers: 'Pour les programmes',
  contract: 'Le contrat de l’API (OpenAPI 3.1)',
  adds: 'Le livre s’additionne : chaque euro fédéré a son euro dans les comptes de la réserve.',
  differs: 'Les euros fédérés et la réserve diffèrent : prévenez l’opérateur. En réserve :',
  notAttested:
    'Réserve non attestée : personne d’autre que le gardien ne dit, par un relevé récent, que ces euros sont là.',
  attestedUntil: 'Réserve attestée par les relevés d’une seconde personne, jusqu’au',
  FED: 'euro fédéré',
  TLF: 'locale',
  TNF: 'cadeau',
  TIM: 'temps',
  FID: 'fidélité',
  BDG: 'badge',
  SUB: 'adhésion',
} as const

const en: Readonly<Record<keyof typeof fr, string>> = {
  title: 'A Fedow node',
  about:
    'Fedow is the engine of a small cooperative bank: local money, hours, gifts and federated euros on one card, in every place that accepts them.',
  federatedEuros: 'Federated euros in circulation',
  blocks: 'Blocks',
  lines: 'Lines in the book',
  places: 'Places',
  assets: 'Moneys',
  asset: 'Money',
  kind: 'Kind',
  issuer: 'Issued by',
  issued: 'In circulation',
  network: 'the network',
  lastBlock: 'Last block',
  chain: 'Chain',
  developers: 'For programs',
  contract: 'The API contract (OpenAPI 3.1)',
  adds: 'The book adds up: each federated euro has its euro in the accounts of the reserve.',
  differs: 'Federated euros and reserve differ: tell the operator. In the reserve:',
  notAttested:
    'Reserve not attested: nobody but the keeper says, by a recent statement, that these euros are there.',
  attestedUntil: 'Reserve attested by the statements of a second person, until',
  FED: 'federated euro',
  TLF: 'local',
  TNF: 'gift',
  TIM: 'hours',
  FID: 'loyalty',
  BDG: 'badge',
  SUB: 'membership',
}

const WORDS: Readonly<Record<Language, Readonly<Record<keyof typeof fr, string>>>> = { fr, en }

/** The words of one language. */
export function wordsOf(language: Language): Readonly<Record<keyof typeof fr, string>> {
  return WORDS[language]
}

/** What a kind of asset is called. */
export function kindWord(kind: string, language: Language): string {
  const words: Readonly<Record<string, string>> = wordsOf(language)
  return words[kind] ?? kind
}

/** The first language that a browser asks for and that we have; French otherwise. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const asked = (acceptLanguage ?? '')
    .split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
  return asked.find((one) => one === 'fr' || one === 'en') === 'en' ? 'en' : 'fr'
}

/** Sentences of v1's framework, in its words and with its no-break spaces. */
const NBSP = '\u00a0'

export const MISSING = 'Ce champ est obligatoire.'
export const NULL = 'Ce champ ne peut être nul.'
export const BLANK = 'Ce champ ne peut être vide.'
export const NOT_TEXT = "Ce n'est pas une chaîne de texte valable."
export const NULL_CHARACTER = 'Le caractère nul n’est pas autorisé.'
export const NOT_INTEGER = 'Un nombre entier valide est requis.'
export const NUMBER_TEXT_TOO_LONG = 'Chaîne de caractères trop longue.'
export const NOT_BOOLEAN = 'Doit être un booléen valide.'
export const NOT_UUID = 'Doit être un UUID valide.'
export const NOT_EMAIL = 'Saisissez une adresse e-mail valide.'
export const NOT_URL = 'Saisissez une URL valide.'
export const NOT_IP = 'Saisissez une adresse IPv4 ou IPv6 valide.'
export const NOT_DATETIME = `La date + heure n'a pas le bon format. Utilisez un des formats suivants${NBSP}: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].`
export const NO_BODY = 'No data provided'
export const NOT_AUTHENTICATED = "Informations d'authentification non fournies."
export const NO_SUCH_PAGE = 'Page non valide.'

/** Text between French quotation marks. */
function quoted(text: string): string {
  return `«${NBSP}${text}${NBSP}»`
}

export function tooLong(max: number): string {
  return `Assurez-vous que ce champ comporte au plus ${max}${NBSP}caractères.`
}

export function tooShort(min: number): string {
  return `Assurez-vous que ce champ comporte au moins ${min}${NBSP}caractères.`
}

export function tooLarge(max: bigint | number): string {
  return `Assurez-vous que cette valeur est inférieure ou égale à ${max}.`
}

export function tooSmall(min: bigint | number): string {
  return `Assurez-vous que cette valeur est supérieure ou égale à ${min}.`
}

export function notChoice(text: string): string {
  return `${quoted(text)} n'est pas un choix valide.`
}

/** No object of that key. */
export function unknownKey(key: string): string {
  return `Clé primaire ${quoted(key)} non valide - l'objet n'existe pas.`
}

/** A primary key that is not a UUID at all. */
export function malformedKey(text: string): string {
  return `La valeur ${quoted(text)} n’est pas un UUID valide.`
}

/** A primary key of the wrong JSON type: `type` in Python's word. */
export function notKey(type: string): string {
  return `Type incorrect. Attendait une clé primaire, a reçu ${type}.`
}

/** No object whose field has that value, such as a card of that tag. */
export function unknownSlug(field: string, value: string): string {
  return `L'objet avec ${field}=${value} n'existe pas.`
}

/** A card with that value exists already: `field` is spelled with spaces, such as `first tag id`. */
export function notUnique(field: string): string {
  return `Un objet card avec ce champ ${field} existe déjà.`
}

/** `type` in Python's word. */
export function notObject(type: string): string {
  return `Donnée non valide. Attendait un dictionnaire, a reçu ${type}.`
}

/** `type` in Python's word. */
export function notList(type: string): string {
  return `Attendait une liste d'éléments mais a reçu ${quoted(type)}.`
}

export function notAllowed(method: string): string {
  return `Méthode ${quoted(method)} non autorisée.`
}

export function notMediaType(mediaType: string): string {
  return `Type de média ${quoted(mediaType)} non supporté.`
}

/** Too many cards that nobody has were asked for. */
export function throttled(seconds: number): string {
  return `Requête ralentie${NBSP}: trop de cartes inconnues demandées avec cette clé. Réessayez dans ${seconds}${NBSP}s.`
}

/** English in v1 too: `model` is its name, such as `Card`. */
export function notFound(model: string): string {
  return `No ${model} matches the given query.`
}

export function notJson(reason: string): string {
  return `JSON parse error - ${reason}`
}

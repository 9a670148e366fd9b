import { describe, expect, it } from 'vitest'
import * as messages from './messages.ts'

const UUID = '035b5166-cdf5-44af-9a3d-c86a8190444a'

describe('the catalogue', () => {
  // As the wire has it: the sign ␣ is a no-break space.
  it.each([
    [messages.MISSING, 'Ce champ est obligatoire.'],
    [messages.NULL, 'Ce champ ne peut être nul.'],
    [messages.BLANK, 'Ce champ ne peut être vide.'],
    [messages.tooLong(8), 'Assurez-vous que ce champ comporte au plus 8␣caractères.'],
    [messages.tooShort(41), 'Assurez-vous que ce champ comporte au moins 41␣caractères.'],
    [messages.NOT_INTEGER, 'Un nombre entier valide est requis.'],
    [messages.notChoice('ZZZ'), "«␣ZZZ␣» n'est pas un choix valide."],
    [messages.unknownKey(UUID), `Clé primaire «␣${UUID}␣» non valide - l'objet n'existe pas.`],
    [messages.malformedKey('zz'), 'La valeur «␣zz␣» n’est pas un UUID valide.'],
    [messages.NOT_UUID, 'Doit être un UUID valide.'],
    [
      messages.unknownSlug('first_tag_id', 'ZZZZZZZZ'),
      "L'objet avec first_tag_id=ZZZZZZZZ n'existe pas.",
    ],
    [
      messages.NOT_DATETIME,
      "La date + heure n'a pas le bon format. Utilisez un des formats suivants␣: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
    ],
    [messages.NOT_EMAIL, 'Saisissez une adresse e-mail valide.'],
    [messages.NOT_URL, 'Saisissez une URL valide.'],
    [messages.NOT_IP, 'Saisissez une adresse IPv4 ou IPv6 valide.'],
    [messages.notUnique('first tag id'), 'Un objet card avec ce champ first tag id existe déjà.'],
    [messages.NOT_AUTHENTICATED, "Informations d'authentification non fournies."],
    [messages.notFound('Card'), 'No Card matches the given query.'],
    [messages.NO_SUCH_PAGE, 'Page non valide.'],
    [messages.notObject('list'), 'Donnée non valide. Attendait un dictionnaire, a reçu list.'],
    [messages.notAllowed('PUT'), 'Méthode «␣PUT␣» non autorisée.'],
    [messages.notMediaType('text/plain'), 'Type de média «␣text/plain␣» non supporté.'],
    [messages.notJson('Extra data'), 'JSON parse error - Extra data'],
  ])('says: %s', (message, expected) => {
    expect(message).toBe(expected.replaceAll('␣', '\u00a0'))
  })
})

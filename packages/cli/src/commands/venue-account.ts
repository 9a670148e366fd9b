import { setOwnAccount, setVenueAccount } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { command, flag, text } from '../command.ts'
import { Misuse } from '../failure.ts'

export const venueAccount = command({
  name: 'venue account',
  summary: 'Say where a venue is paid, or which bank account of the keeper pays',
  details: 'Kept by this node alone: no bank account is in the book.',
  options: {
    place: text('place', 'the venue: its name or id'),
    keeper: flag('the keeper’s own bank account, which pays'),
    iban: text('iban', 'with or without spaces'),
    holder: text('name', 'whose account it is'),
    account: text(
      'account',
      'with --keeper: which account of the reserve it is, such as bank/main',
    ),
    connect: text('account', 'the venue’s account at the payment provider, acct_…'),
  },
  examples: [
    'venue account --place "Bar du Port" --iban "FR14 2004 1010 0505 0001 3M02 606" --holder "Bar du Port SARL"',
    'venue account --keeper --iban DE89370400440532013000 --holder "Coopérative" --account bank/main --json',
  ],
  async run({ client, screen }, { place: name, keeper, iban, holder, account, connect }) {
    if (keeper === (name !== undefined)) throw new Misuse('Either --place or --keeper is needed.')
    if ((iban === undefined) !== (holder === undefined)) {
      throw new Misuse('A bank account has both --iban and --holder. Nothing was sent.')
    }
    const bank = iban === undefined || holder === undefined ? undefined : { iban, holder }
    if (name === undefined) {
      if (bank === undefined || account === undefined || connect !== undefined) {
        throw new Misuse('--keeper needs --iban, --holder and --account. Nothing was sent.')
      }
      const done = await client.call(setOwnAccount, { body: { ...bank, account } })
      screen.done(done, () => `Venues are paid from ${done.iban}, which is ${account}.`)
      return
    }
    if (account !== undefined || (bank === undefined && connect === undefined)) {
      throw new Misuse('--place needs --iban with --holder, or --connect. Nothing was sent.')
    }
    const place = await placeNamed(client, name)
    const body = { ...(bank && { bank }), ...(connect !== undefined && { connect }) }
    const done = await client.call(setVenueAccount, { params: { place: place.id }, body })
    screen.done(done, () => `${place.name} is paid to ${connect ?? done.iban ?? 'its account'}.`)
  },
})

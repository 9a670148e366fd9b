import { closeOffer } from '@fedow/api'
import { offerNamed } from '../book/offer.ts'
import { command, needed } from '../command.ts'

export const offerClose = command({
  name: 'offer close',
  summary: 'A place takes an offer back',
  arguments: { offer: needed('offer', 'its id, as "fedow offer list" tells it') },
  examples: [
    'offer close 0198f3a0-1111-7000-8000-000000000001',
    'offer close 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ send, screen }, { offer }) {
    const closed = await send(closeOffer, { params: { offer: offerNamed(offer) } })
    screen.done(closed, () => `Offer ${offer} is closed.`)
  },
})

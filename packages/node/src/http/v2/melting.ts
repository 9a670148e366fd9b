import {
  getAssetMelting,
  getCardMelting,
  getWalletMelting,
  listMeltingPresets,
  MELTING_PRESETS,
  type MeltingPreset,
  type MeltingPresetView,
  PRESET_WORDS,
  presetFaults,
  presetTerms,
  type Static,
  toDemurrageText,
} from '@fedow/api'
import {
  addMonths,
  dayOf,
  fromIsoDay,
  lawOf,
  type MeltLaw,
  NOTICE_DAYS,
  refuse,
  toCivil,
  walletOf,
} from '@fedow/ledger'
import { demandCan, demandOnWallet, walletNamed } from '../../gateway/caller.ts'
import { cardNamed } from '../../gateway/means.ts'
import { assetMeltingView, walletMeltingView } from '../melting-view.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { isAcceptedBy } from '../seen.ts'
import { serve } from '../serve.ts'
import { meltingTermsView } from '../views.ts'

export function meltingRoutes(http: Http): void {
  const { means, parts } = http
  const { book, hash, now } = parts

  serve(http, getWalletMelting, ({ caller, params: { wallet }, query }) => {
    const record = walletNamed(book.state, wallet)
    demandOnWallet(caller, { id: wallet, record }, 'read', 'spend')
    return walletMeltingView(book.state, { wallet, ...query, nowMs: now() })
  })

  serve(http, getCardMelting, ({ caller, params, query }) => {
    demandCan(caller, 'read', 'sell', 'cards')
    const card = cardNamed(means, params.card)
    const record = book.state.get('card', card) ?? refuse({ code: 'card_not_found', card })
    const isSeen = isAcceptedBy(book.state, caller)
    const wallet = walletOf(hash, card, record)
    return walletMeltingView(book.state, { wallet, ...query, nowMs: now(), isSeen })
  })

  serve(http, getAssetMelting, ({ params: { asset: id } }) => {
    const asset = book.state.get('asset', id)
    if (asset === undefined || asset.kind === 'EUR') refuse({ code: 'asset_not_found', asset: id })
    return assetMeltingView(book, { id, asset, nowMs: now() })
  })

  serve(http, listMeltingPresets, ({ query }) => {
    const law = lawOf(book.state)
    const { yearlyPpm, yearlyFixed, graceDays } = law
    const day = query.day === undefined ? lastDayOfYear(dayOf(now())) : readDay(query.day)
    return {
      law: { yearlyPpm, yearlyFixed: Number(yearlyFixed), graceDays },
      presets: MELTING_PRESETS.map((preset) => presetView(preset, { law, day })),
    }
  })
}

function presetView(
  preset: MeltingPreset,
  { law, day }: { readonly law: MeltLaw; readonly day: number },
): Static<typeof MeltingPresetView> {
  const terms = presetTerms(preset, day)
  return {
    preset,
    about: PRESET_WORDS[preset],
    demurrage: toDemurrageText(terms),
    terms: meltingTermsView(terms, { kind: 'TLF', code: '' }),
    refused: presetFaults(terms, law).map(({ kinds, why }) => ({ kinds: [...kinds], why })),
  }
}

/** The first 31 December for which a policy of today is public long enough. */
function lastDayOfYear(today: number): number {
  const soonest = today + NOTICE_DAYS
  const { month, date } = toCivil(soonest)
  // From the first of its month to the first of the next January, and one day back.
  return addMonths(soonest - date + 1, 12 - month) - 1
}

function readDay(text: string): number {
  const day = fromIsoDay(text)
  if (day !== undefined) return day
  const expected = 'a day that exists, from 1970 on'
  throw new RequestError({ code: 'invalid_request', where: 'querystring/day', expected })
}

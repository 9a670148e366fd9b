/** How rejections about free money are told. */
import { type RejectionOf, type Sentence, toMoment } from './sentence.ts'

type DividendCode = 'dividend_refused' | 'already_admitted' | 'not_admitted' | 'nothing_due'

/** What is wrong with one of the terms of a dividend. */
const DIVIDEND_REFUSED: Readonly<Record<string, string>> = {
  dividend: 'Free money (LIB) has the terms of its dividend, and no other kind of asset has any.',
  first: 'The first dividend is 0, or has more digits than these terms let a dividend have.',
  reevalS: 'The dividend would be re-evaluated more often than it falls due.',
  firstMs: 'The first dividend would have fallen due before now.',
  firstReevalMs: 'The first re-evaluation would come before the first dividend.',
}

export const DIVIDEND_REJECTIONS: {
  readonly [C in DividendCode]: Sentence<RejectionOf<C>>
} = {
  dividend_refused: {
    title: 'These terms of a dividend do not do',
    detail: ({ member }) => DIVIDEND_REFUSED[member] ?? `"${member}" of the dividend does not do.`,
    fix: 'Correct the terms, or leave out what shall be as the Ğ1 has it. No money was made.',
  },
  already_admitted: {
    title: 'Takes part in this money already',
    detail: ({ asset, wallet }, nameOf) =>
      `The wallet ${nameOf(wallet)} takes part in ${nameOf(asset)} already: one membership each.`,
    fix: 'Nothing is to be done: its dividends wait for it.',
  },
  not_admitted: {
    title: 'Takes no part in this money',
    detail: ({ asset, wallet }, nameOf) =>
      `The wallet ${nameOf(wallet)} takes no part in ${nameOf(asset)}: it has no dividends.`,
    fix: 'A place that accepts this money can admit the person; dividends count from then on.',
  },
  nothing_due: {
    title: 'No dividend is due',
    detail: ({ asset, wallet, nextMs }, nameOf) =>
      nextMs === undefined
        ? `The wallet ${nameOf(wallet)} has all its dividends, and ${nameOf(asset)} makes no more.`
        : `The wallet ${nameOf(wallet)} has all its dividends of ${nameOf(asset)} so far. The next one falls due on ${toMoment(nextMs)}.`,
    fix: 'Ask again after the next dividend. None is lost by waiting.',
  },
}

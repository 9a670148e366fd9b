import type { LineAction } from '@fedow/ledger'

/** What each code of a line is called, in a word or two. */
export const LINE_WORDS: Readonly<Record<LineAction, string>> = {
  FST: 'asset made',
  CRE: 'created',
  REF: 'refill',
  SAL: 'sale',
  QRS: 'QR sale',
  SUB: 'membership',
  BDG: 'badge',
  FUS: 'card linked',
  RFD: 'refund',
  BNK: 'deposit',
  TRF: 'transfer',
  COR: 'correction',
  HLD: 'held',
  REL: 'released',
  EXP: 'hold expired',
  OPN: 'opening balance',
  MLT: 'melted',
  RDS: 'shared out',
  PRP: 'proposal',
  VOT: 'vote',
  APL: 'vote applied',
  GRT: 'grant',
  DVD: 'dividend',
  EXC: 'exchange',
}

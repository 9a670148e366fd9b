import { describe, expect, it } from 'vitest'
import { isUsableDomain } from './membership-notice.ts'

describe('the domain of a notice', () => {
  it.each(['bar.example.org', 'Le-Bar.tibillet.coop', 'xn--caf-dma.fr', 'a.b.c.d.re'])(
    'is usable: %s',
    (domain) => {
      expect(isUsableDomain(domain)).toBe(true)
    },
  )

  it.each([
    ...['', 'None', 'bar.None', 'localhost', 'bar.localhost', 'fedow', '127.0.0.1', '[::1]'],
    ...['10.0.0.1', '2130706433', '0x7f.1', 'bar.example.org:8080', 'a@bar.example.org'],
    ...[
      'bar.example.org/x',
      'bar..org',
      '-bar.org',
      'bar.org.',
      'printer.local',
      'bar.example.org#',
    ],
    `${'a'.repeat(64)}.org`,
  ])('is left alone: %j', (domain) => {
    expect(isUsableDomain(domain)).toBe(false)
  })
})

import { expect, it } from 'vitest'
import { noReminderPage, reminderPage } from './reminder-page.ts'

it.each([
  ['fr', 'Ne plus recevoir de rappels', 'ne change pas la règle'],
  ['en', 'No more reminders', 'does not change the rule'],
] as const)('offers to stop in %s, and says that the rule stays', (language, button, rule) => {
  const page = reminderPage({ isSubscribed: true }, language)
  expect(page).toContain(`<html lang="${language}">`)
  expect(page).toContain(`value="stop">${button}<`)
  expect(page).toContain(rule)
})

it('says what was done, and offers the way back', () => {
  const page = reminderPage({ isSubscribed: false, done: 'stopped' }, 'en')
  expect(page).toContain('Done: you will get no more reminders.')
  expect(page).toContain('value="begin"')
  expect(reminderPage({ isSubscribed: true, done: 'begun' }, 'en')).toContain('reminders again.')
})

it('has a page for an address that is nobody’s', () => {
  expect(noReminderPage('fr')).toContain('Rien n’a changé.')
})

/** What the page that stops reminders shows. */
export interface ReminderFacts {
  /** Whether reminders come. */
  readonly isSubscribed: boolean
  /** What the visitor has just done, if anything. */
  readonly done?: 'stopped' | 'begun' | undefined
}

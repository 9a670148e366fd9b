/**
 * The page that a reminder leads to: it stops reminders, and begins them again. To open it changes nothing, since mail
 * programs open links by themselves; one POST stops (RFC 8058). Not part of the contract.
 */
import { sendPrivatePage } from './html-page.ts'
import type { Http } from './parts.ts'

const HIDDEN = { hide: true }
const PAGE = '/reminders/stop'
/** A mailbox sends one short form. */
const BODY_MAX = 4_096

interface Visit {
  readonly Querystring: { readonly code?: string }
  readonly Body: string | undefined
}

export function reminderPageRoutes({ scope, parts }: Http): void {
  const { reminderPages: pages, reminders } = parts
  if (pages === undefined) return
  scope.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('*', { parseAs: 'string' }, async (_: unknown, body: string) => body)
    inner.route<Visit>({
      method: 'GET',
      url: PAGE,
      schema: HIDDEN,
      handler: async ({ query, headers }, reply) => {
        const language = headers['accept-language']
        const wishes = reminders.byCode(query.code ?? '')
        if (wishes === undefined) return sendPrivatePage(reply.code(404), pages.none(language))
        return sendPrivatePage(
          reply,
          pages.reminders({ isSubscribed: !wishes.isStopped }, language),
        )
      },
    })
    inner.route<Visit>({
      method: 'POST',
      url: PAGE,
      schema: HIDDEN,
      bodyLimit: BODY_MAX,
      handler: async ({ query, headers, body }, reply) => {
        const language = headers['accept-language']
        const wishes = reminders.byCode(query.code ?? '')
        if (wishes === undefined) return sendPrivatePage(reply.code(404), pages.none(language))
        const isBegun = new URLSearchParams(body ?? '').get('reminders') === 'begin'
        const { isStopped } = reminders.change(wishes.wallet, { isStopped: !isBegun })
        const done = isBegun ? 'begun' : 'stopped'
        return sendPrivatePage(reply, pages.reminders({ isSubscribed: !isStopped, done }, language))
      },
    })
  })
}

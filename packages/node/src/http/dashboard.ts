/** The pages at `/dashboard/`: for people who follow a link, not part of the contract. */
import { sendPage } from './html-page.ts'
import type { Http } from './parts.ts'

export function dashboardRoutes({ scope, parts: { v1, dashboardPages } }: Http): void {
  if (v1 === undefined || dashboardPages === undefined) return
  const { dashboard } = v1
  const schema = { hide: true }

  scope.route({
    method: 'GET',
    url: '/dashboard/',
    schema,
    handler: async ({ headers }, reply) => {
      const facts = await dashboard.facts()
      return sendPage(reply, dashboardPages.dashboard(facts, headers['accept-language']))
    },
  })

  scope.route<{ Params: { place: string } }>({
    method: 'GET',
    url: '/dashboard/place/:place/',
    schema,
    handler: async ({ headers, params }, reply) => {
      const language = headers['accept-language']
      const facts = await dashboard.place(params.place)
      if (facts === undefined) return sendPage(reply.code(404), dashboardPages.noPlace(language))
      return sendPage(reply, dashboardPages.place(facts, language))
    },
  })

  for (const url of ['/dashboard', '/dashboard/place/:place']) {
    scope.route({
      method: 'GET',
      url,
      schema,
      handler: async (request, reply) => {
        const [path = '', ...query] = request.url.split('?')
        return reply
          .code(301)
          .header('location', [`${path}/`, ...query].join('?'))
          .send()
      },
    })
  }
}

/** Pages for people, as they leave the server. */
import type { FastifyReply } from 'fastify'

/** Sends a page that anybody may see. */
export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .header('vary', 'accept-language')
    .serializer((text: unknown) => String(text))
    .send(page)
}

/** Sends a page that whoever has its address sees: nobody keeps it, nor tells where it was. */
export function sendPrivatePage(reply: FastifyReply, page: string): FastifyReply {
  reply.header('cache-control', 'no-store')
  reply.header('referrer-policy', 'no-referrer')
  reply.header('x-robots-tag', 'noindex')
  return sendPage(reply, page)
}

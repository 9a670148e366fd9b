import { getText, postText, TEXT_MAX } from '@fedow/api'
import { type Hex32, refuse, toHex, toUtf8 } from '@fedow/ledger'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve, serveFile } from '../serve.ts'

/** What has this hash never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable'

export function textRoutes(http: Http): void {
  const { book, texts, hash } = http.parts

  // Only what a proposal names is kept, so anyone may bring it and nobody can fill the disk.
  serve(http, postText, ({ body: { proposal, text } }) => {
    const record = book.state.get('proposal', proposal)
    if (record === undefined) return refuse({ code: 'proposal_not_found', proposal })
    const bytes = toUtf8(text)
    if (bytes.length > TEXT_MAX) {
      throw new RequestError({ code: 'body_too_large', max: TEXT_MAX })
    }
    const sha256 = toHex(hash(bytes)) as Hex32
    const { text: expected } = record
    if (sha256 !== expected) {
      throw new RequestError({ code: 'text_of_no_proposal', proposal, expected })
    }
    texts.put(text)
    return { sha256 }
  })

  serveFile(http, getText, ({ params: { text: sha256 } }) => {
    const file = texts.get(sha256)
    if (file === undefined) throw new RequestError({ code: 'text_not_found', sha256 })
    return { file, cacheControl: FOR_EVER }
  })
}

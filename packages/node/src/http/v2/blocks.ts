import { getBlock, listBlocks } from '@fedow/api'
import type { ClosedBlock } from '../../store/book-reader.ts'
import { readPage } from '../page.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'
import { toIso } from '../time.ts'

export function blockRoutes(http: Http): void {
  const { book } = http.parts

  serve(http, listBlocks, ({ query }) => {
    const { before } = query
    const read = (limit: number) => book.blocks({ before, limit })
    const { rows, next } = readPage(query, read, ({ height }) => height)
    return { blocks: rows.map(blockView), ...next }
  })

  serve(http, getBlock, ({ params: { height } }) => {
    const block = book.block(height)
    if (block === undefined) throw new RequestError({ code: 'block_not_found', height })
    return blockView(block)
  })
}

function blockView({ height, timeUs, count, txs }: ClosedBlock) {
  return { height, time: toIso(timeUs), count, txs }
}

import { getBlock, listBlocks } from '@fedow/api'
import type { ClosedBlock, SealedBlock } from '../../store/book-reader.ts'
import { readPage } from '../page.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'
import { toIso } from '../time.ts'

export function blockRoutes(http: Http): void {
  const { book, proofs } = http.parts

  serve(http, listBlocks, ({ query }) => {
    const { before } = query
    const read = (limit: number) => book.blocks({ before, limit })
    const { rows, next } = readPage(query, read, ({ height }) => height)
    return {
      blocks: rows.map((block) => blockView(block, book.sealedBlock(block.height))),
      ...next,
    }
  })

  serve(http, getBlock, ({ params: { height } }) => {
    const block = book.block(height)
    if (block === undefined) throw new RequestError({ code: 'block_not_found', height })
    const sealed = book.sealedBlock(height)
    return { ...blockView(block, sealed), ...(sealed && { checkpoint: proofs.noteOf(sealed) }) }
  })
}

function blockView({ height, timeUs, count, txs }: ClosedBlock, sealed: SealedBlock | undefined) {
  return { height, time: toIso(timeUs), count, txs, ...(sealed && rootsOf(sealed)) }
}

function rootsOf({ size, state, history, parent, hash }: SealedBlock) {
  return { size, state, history, parent, hash }
}

import { getReceipt, getTlogProof } from '@fedow/api'
import { parseId, type TxId } from '@fedow/ledger'
import { type Call, command, flag, needed, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'
import { writeProof } from '../proof/proof-file.ts'
import { QR_TEXT_MAX, toQrText, toRows, toSvg } from '../proof/receipt-qr.ts'
import { whenSealed } from '../proof/when-sealed.ts'

interface Order {
  readonly tx: TxId
  readonly out: string | undefined
}

export const receiptShow = command({
  name: 'receipt show',
  summary: 'The receipt of a tx: proves it to anyone, without asking anybody',
  details:
    'The receipt says all that the tx says. With --proof, only that it stands in the history, in the format of transparency logs (C2SP tlog-proof). With --qr, the receipt as a QR code, in the terminal or as a picture (SVG).',
  arguments: { tx: needed('tx', 'the id of a tx, as it is told when it is applied') },
  options: {
    out: text('file', 'where to write it; the standard output when absent'),
    proof: flag('only its place in the history'),
    qr: flag('as a QR code'),
  },
  examples: [
    'receipt show 0198f3a0-1111-7000-8000-000000000001 --out receipt.json',
    'receipt show 0198f3a0-1111-7000-8000-000000000001 --qr --out receipt.svg',
    'receipt show 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run(call, { tx: given, out, proof, qr }) {
    const tx = parseId<TxId>(given.toLowerCase())
    if (tx === undefined) throw new Misuse(`"${given}" is not the id of a tx. Nothing was asked.`)
    if (proof && qr) throw new Misuse('Choose one of --proof and --qr. Nothing was asked.')
    const order = { tx, out }
    if (proof) return showProof(call, order)
    const receipt = await whenSealed(call, () => call.client.call(getReceipt, { params: { tx } }))
    return qr ? showQr(call, order, receipt) : showReceipt(call, order, receipt)
  },
})

function showReceipt({ screen }: Call, { tx, out }: Order, receipt: string): void {
  if (out === undefined) {
    screen.answer(JSON.parse(receipt), () => receipt)
    return
  }
  const written = writeProof(out, receipt)
  const help = `fedow receipt verify ${written.file}`
  screen.done(
    { tx, ...written },
    () => `The receipt is in ${written.file}. Anyone checks it: ${help}`,
  )
}

async function showProof(call: Call, { tx, out }: Order): Promise<void> {
  const { client, screen } = call
  const proof = await whenSealed(call, () => client.call(getTlogProof, { params: { tx } }))
  if (out === undefined) return screen.answer({ tx, proof }, () => proof.trimEnd())
  const written = writeProof(out, proof)
  screen.done({ tx, ...written }, () => `The proof is in ${written.file}.`)
}

function showQr({ screen }: Call, { tx, out }: Order, receipt: string): void {
  const text = toQrText(receipt)
  if (text.length > QR_TEXT_MAX) {
    throw new Refused(
      `This receipt is too long for a QR code: ${text.length} characters, and the largest holds ${QR_TEXT_MAX}. Nothing was written. Take it as a file, without --qr.`,
      { code: 'too_long_for_qr', length: text.length, max: QR_TEXT_MAX },
    )
  }
  if (out !== undefined) {
    const written = writeProof(out, toSvg(text))
    screen.done({ tx, ...written, text }, () => `The QR code is in ${written.file}.`)
    return
  }
  screen.answer({ tx, text }, () => drawn(text))
}

/** The code on the screen. Of one that is wider than the screen nothing could be read. */
function drawn(text: string): string {
  const rows = toRows(text)
  const width = Math.max(...rows.map((row) => row.length))
  const { isTTY = false, columns = width } = process.stdout
  if (isTTY && columns < width) {
    throw new Refused(
      `The QR code is ${width} columns wide and this terminal ${columns}. Nothing was written. Make the letters smaller, or write a picture: --qr --out receipt.svg`,
      { code: 'terminal_too_narrow', width, columns },
    )
  }
  return isTTY ? rows.map((row) => `${LIGHT_ON_DARK}${row}${PLAIN}`).join('\n') : rows.join('\n')
}

/** Whatever the colours of the terminal are. */
const LIGHT_ON_DARK = '\u001b[97;40m'
const PLAIN = '\u001b[0m'

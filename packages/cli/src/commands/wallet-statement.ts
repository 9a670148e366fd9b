import { getStatement } from '@fedow/api'
import { assetNamed, walletNamed } from '../book/named.ts'
import { command, needed, text } from '../command.ts'
import { writeProof } from '../proof/proof-file.ts'
import { whenSealed } from '../proof/when-sealed.ts'

export const walletStatement = command({
  name: 'wallet statement',
  summary: 'The balances of a wallet with their proofs, for its holder to show',
  details:
    'They are those after the last sealed block, about a second ago. Anyone verifies the file with "fedow statement verify".',
  arguments: { wallet: needed('wallet', 'its id, or the name of a place') },
  options: {
    out: text('file', 'where to write it; the standard output when absent'),
    asset: text('asset', 'also this account: to prove that the wallet never had it'),
  },
  examples: [
    'wallet statement "Bar du Port" --out statement.json',
    'wallet statement 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run(call, { wallet: given, out, asset }) {
    const { client, screen } = call
    const wallet = await walletNamed(client, given)
    const query = asset === undefined ? {} : { asset: (await assetNamed(client, asset)).id }
    const order = { params: { wallet }, query }
    const statement = await whenSealed(call, () => client.call(getStatement, order))
    if (out === undefined) return screen.answer(JSON.parse(statement), () => statement)
    const written = writeProof(out, statement)
    const help = `fedow statement verify ${written.file}`
    screen.done(
      { wallet, ...written },
      () => `The statement is in ${written.file}. Anyone checks it: ${help}`,
    )
  },
})

import { resolve } from 'node:path'
import { writeNewKey } from '../book/key-file.ts'
import { command, needed } from '../command.ts'

export const keyNew = command({
  name: 'key new',
  summary: 'Make an Ed25519 key of your own in a file; the book learns of it with "fedow key add"',
  arguments: {
    file: needed('file', 'where to write it (PEM); an existing file is never overwritten'),
  },
  examples: ['key new raffinerie-admin.pem', 'key new ~/keys/raffinerie-admin.pem --json'],
  async run({ screen }, { file }) {
    const key = { file: resolve(file), ...writeNewKey(file) }
    screen.answer(
      key,
      () =>
        `${key.file}\n  x    ${key.x}\n  kid  ${key.kid}\nWho has this file is you: keep a copy in a safe place.`,
    )
  },
})

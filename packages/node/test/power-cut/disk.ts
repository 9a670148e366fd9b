import { Content } from './content.ts'
import type { Operation } from './trace.ts'

/** The unit that a disk writes whole or not at all. */
const SECTOR_BYTES = 512

/** Of the unsynced writes that reached the disk, how many did so in part, in half of the draws. */
const TORN_SHARE = 0.25

/** Of the unsynced writes that were lost, how many had made the file longer, with zeros. */
const LENGTHENED_SHARE = 0.2

type Write = { kind: 'write'; offset: number; bytes: Uint8Array }
type Change = Write | { kind: 'truncate'; length: number }

/** What is durable of a file, and what was asked of it since, each with its position. */
type DiskFile = { durable: Content; unsynced: { position: number; change: Change }[] }

/**
 * What a disk is sure to hold after the first operations of a recording, and what it may hold.
 * Goes forward only, so that a run of cuts at rising positions reads the recording once.
 */
export class Disk {
  #operations: readonly Operation[]
  #position = 0
  #files = new Map<string, DiskFile>()
  #syncs = new Map<number, { file: DiskFile; position: number }>()

  constructor(initial: ReadonlyMap<string, Uint8Array>, operations: readonly Operation[]) {
    this.#operations = operations
    for (const [path, bytes] of initial) {
      this.#files.set(path, { durable: new Content(bytes), unsynced: [] })
    }
  }

  /** How many operations have happened. */
  get position(): number {
    return this.#position
  }

  /** Lets operations happen until `position` of them have. */
  advance(position: number): void {
    if (position < this.#position) throw new Error('A disk does not go back: start a new one.')
    while (this.#position < position) {
      const operation = this.#operations[this.#position]
      if (!operation) throw new Error(`The recording has no operation ${this.#position}.`)
      this.#apply(operation)
      this.#position += 1
    }
  }

  /** The files when nothing is lost: what a killed program leaves to the next one. */
  whole(): Map<string, Uint8Array> {
    return this.#image((file) => {
      const content = new Content(file.durable.bytes())
      for (const { change } of file.unsynced) apply(content, change)
      return content
    })
  }

  /** The files in one of the states that a power cut may leave now. */
  survivors(random: () => number): Map<string, Uint8Array> {
    return this.#image((file) => survive(file, random))
  }

  #image(contentOf: (file: DiskFile) => Content): Map<string, Uint8Array> {
    const image = new Map<string, Uint8Array>()
    for (const [path, file] of this.#files) image.set(path, contentOf(file).bytes())
    return image
  }

  #apply(operation: Operation): void {
    const { path } = operation
    switch (operation.kind) {
      case 'open':
        if (!this.#files.has(path)) this.#files.set(path, { durable: new Content(), unsynced: [] })
        if (operation.truncates) this.#change(path, { kind: 'truncate', length: 0 })
        return
      case 'write':
      case 'truncate':
        this.#change(path, operation)
        return
      case 'sync_start':
        this.#syncs.set(operation.sync, { file: this.#file(path), position: this.#position })
        return
      case 'sync_end':
        this.#endSync(operation.sync)
        return
      case 'unlink':
        this.#files.delete(path)
        return
      case 'rename':
        this.#rename(path, operation.to)
    }
  }

  #file(path: string): DiskFile {
    const file = this.#files.get(path)
    if (!file) throw new Error(`${path} appeared in a way that the recorder does not see.`)
    return file
  }

  #change(path: string, change: Change): void {
    this.#file(path).unsynced.push({ position: this.#position, change })
  }

  #endSync(sync: number): void {
    const started = this.#syncs.get(sync)
    if (!started) throw new Error(`Sync ${sync} ends and has no start.`)
    this.#syncs.delete(sync)
    const { durable, unsynced } = started.file
    const later = unsynced.findIndex(({ position }) => position > started.position)
    const covered = unsynced.splice(0, later < 0 ? unsynced.length : later)
    for (const { change } of covered) apply(durable, change)
  }

  /** A folder is renamed through the files that it holds. */
  #rename(from: string, to: string): void {
    if (from === to) return
    for (const [path, file] of [...this.#files]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue
      this.#files.delete(path)
      this.#files.set(to + path.slice(from.length), file)
    }
  }
}

function apply(content: Content, change: Change): void {
  if (change.kind === 'truncate') content.truncate(change.length)
  else content.write(change.offset, change.bytes)
}

function survive({ durable, unsynced }: DiskFile, random: () => number): Content {
  const content = new Content(durable.bytes())
  // All and nothing must come as often as mixtures: one draw in six each.
  const survivalRate = random() * 1.5 - 0.25
  // Half of the draws also lose all that is younger than one moment, as most disks would.
  const inTime = random() < 0.5 ? unsynced.length : Math.floor(random() * (unsynced.length + 1))
  const tornShare = random() < 0.5 ? 0 : TORN_SHARE
  for (const [index, { change }] of unsynced.entries()) {
    const survives = index < inTime && random() < survivalRate
    if (survives && change.kind === 'write' && random() < tornShare) {
      tear(content, change, random)
    } else if (survives) {
      apply(content, change)
    } else if (change.kind === 'write' && random() < LENGTHENED_SHARE) {
      content.lengthen(change.offset + change.bytes.length)
    }
  }
  return content
}

/** Writes all but some sectors in a row: the first, the last or some between. */
function tear(content: Content, { offset, bytes }: Write, random: () => number): void {
  const first = Math.floor(offset / SECTOR_BYTES)
  const count = Math.ceil((offset + bytes.length) / SECTOR_BYTES) - first
  if (count === 1) {
    content.write(offset, bytes)
    return
  }
  const lost = Math.floor(random() * count)
  const lostCount = 1 + Math.floor(random() * (count - lost))
  const lostStart = Math.max((first + lost) * SECTOR_BYTES - offset, 0)
  const lostEnd = (first + lost + lostCount) * SECTOR_BYTES - offset
  content.write(offset, bytes.subarray(0, lostStart))
  content.write(offset + lostEnd, bytes.subarray(lostEnd))
}

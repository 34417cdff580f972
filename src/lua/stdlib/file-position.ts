/** `fseek` and `ftell` of glibc's streams (libio/fileops.c): moves within the buffer where it can, and keeps it aligned with blocks. */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Whence } from '../../haproxy/files.js'
import type { FileBuffer } from './file-buffer.js'

/** Moves to an offset and returns the new position (`_IO_new_file_seekoff`). */
export const seek = (file: FileBuffer, whence: Whence, offset: number): number | FileErrorCode => {
  const moved = move(file, whence, offset)
  return typeof moved === 'string' ? moved : tell(file)
}

const move = (file: FileBuffer, whence: Whence, by: number): number | FileErrorCode => {
  const wasEmpty = file.first === file.filled && !file.hasOutput
  if ((file.hasOutput || file.isWriting) && !file.switchToReading()) return file.problem ?? 'EIO'
  file.allocate()
  let offset = by
  if (whence === 'cur') {
    offset -= file.filled - file.next
    if (file.position === undefined) return moveDescriptor(file, 'cur', offset)
    offset += file.position
    if (offset < 0) return 'EINVAL'
  } else if (whence === 'end') {
    const { size } = file.descriptor
    if (size === undefined) return moveDescriptor(file, 'end', offset)
    offset += size
  }
  if (file.position !== undefined) {
    const from = file.position - file.filled
    if (offset >= from && offset < file.position) return moveWithinBuffer(file, offset, from)
  }
  if (!file.options.readable) return moveDescriptor(file, 'set', offset)
  return moveToBlock(file, offset, wasEmpty)
}

const moveWithinBuffer = (file: FileBuffer, offset: number, from: number): number => {
  file.first = 0
  file.next = offset - from
  file.discardOutput()
  file.atEnd = false
  file.seekDescriptor('set', file.position!)
  return offset
}

/** Moves the descriptor to the start of a block and reads the block: up to `offset` if the buffer was empty. */
const moveToBlock = (file: FileBuffer, offset: number, wasEmpty: boolean): number | FileErrorCode => {
  const size = file.bytes.length
  const into = ((offset % size) + size) % size
  const block = file.seekDescriptor('set', offset - into)
  if (typeof block === 'string') return block
  let count = 0
  if (into > 0) {
    const bytes = file.descriptor.read(wasEmpty ? into : size)
    count = typeof bytes === 'string' ? 0 : bytes.length
    if (count < into) return moveDescriptor(file, 'cur', into - count)
    file.bytes.set(bytes as Uint8Array)
  }
  file.first = 0
  file.next = into
  file.filled = count
  file.discardOutput()
  file.position = block + count
  file.atEnd = false
  return offset
}

const moveDescriptor = (file: FileBuffer, whence: Whence, offset: number): number | FileErrorCode => {
  const to = file.seekDescriptor(whence, offset)
  if (typeof to === 'string') return to
  file.atEnd = false
  file.position = to
  file.discard()
  return to
}

/** Returns the position of the stream (`do_ftell`). */
const tell = (file: FileBuffer): number | FileErrorCode => {
  let ahead = file.filled - file.next
  if (file.hasOutput) {
    if (file.options.append) {
      const end = file.seekDescriptor('end', 0)
      if (typeof end === 'string') return end
      file.position = end
      ahead = file.start - file.end
    } else ahead = file.filled - file.end
  }
  const at = file.position ?? file.seekDescriptor('cur', 0)
  if (typeof at === 'string') return at
  return at - ahead < 0 ? 'EINVAL' : at - ahead
}

/** The standard output or error of the command: a reader that does not read loses lines, it does not stop the process. */

/** What a stream may have waiting. */
const MOST = 4_194_304

export interface LineWriter {
  write(bytes: Uint8Array): void
}

export const lineWriter = (stream: NodeJS.WriteStream): LineWriter => ({
  write(bytes) {
    if (stream.writableLength < MOST) stream.write(bytes)
  },
})

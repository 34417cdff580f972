/** A FIFO of bytes, kept as byte strings. Pieces are passed on whole or sliced, never copied or joined. */
export class BodyQueue {
  #pieces: string[] = []
  /** index of the first piece that is left */
  #first = 0
  #length = 0

  /** Number of queued bytes. */
  get length(): number {
    return this.#length
  }

  push(piece: string): void {
    if (piece === '') return
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  /** Removes a piece of at most `limit` bytes and returns it; the empty string if the queue is empty. */
  take(limit = Infinity): string {
    if (this.#length === 0 || limit <= 0) return ''
    const piece = this.#pieces[this.#first]!
    if (piece.length > limit) {
      this.#pieces[this.#first] = piece.slice(limit)
      this.#length -= limit
      return piece.slice(0, limit)
    }
    this.#pieces[this.#first++] = ''
    this.#length -= piece.length
    // drop the removed pieces once they are the larger part
    if (this.#length === 0) this.clear()
    else if (this.#first >= 64 && this.#first * 2 >= this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#first)
      this.#first = 0
    }
    return piece
  }

  clear(): void {
    this.#pieces = []
    this.#first = 0
    this.#length = 0
  }

  /** All queued bytes, joined; they stay queued. */
  toString(): string {
    return this.#pieces.slice(this.#first).join('')
  }
}

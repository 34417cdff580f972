/** The hash XXH32 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), by which HAProxy orders the records of an answer. */
const P1 = 0x9e3779b1
const P2 = 0x85ebca77
const P3 = 0xc2b2ae3d
const P4 = 0x27d4eb2f
const P5 = 0x165667b1

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

/** @returns 32 bits, unsigned */
export const xxh32 = (data: Uint8Array, seed: number): number => {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  let at = 0
  let hash = (seed + P5) | 0
  if (data.length >= 16) {
    const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1]
    for (; at + 16 <= data.length; at += 16)
      lanes.forEach((lane, i) => {
        const sum = (lane + Math.imul(view.getUint32(at + 4 * i, true), P2)) | 0
        lanes[i] = Math.imul(rotate(sum, 13), P1)
      })
    hash = rotate(lanes[0]!, 1) + rotate(lanes[1]!, 7) + rotate(lanes[2]!, 12) + rotate(lanes[3]!, 18)
  }
  hash = (hash + data.length) | 0
  for (; at + 4 <= data.length; at += 4)
    hash = Math.imul(rotate((hash + Math.imul(view.getUint32(at, true), P3)) | 0, 17), P4)
  for (; at < data.length; at++) hash = Math.imul(rotate((hash + Math.imul(data[at]!, P5)) | 0, 11), P1)
  hash = Math.imul(hash ^ (hash >>> 15), P2)
  hash = Math.imul(hash ^ (hash >>> 13), P3)
  return (hash ^ (hash >>> 16)) >>> 0
}

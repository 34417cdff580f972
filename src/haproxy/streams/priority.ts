/** The places of streams in queues, as rules and scripts set them: both are limited (`queue_limit_class`, `queue_limit_offset`). */

const MOST_CLASS = 0x7ff
/** ms */
const MOST_OFFSET = 0x7ffff

const limited = (value: number, most: number): number => Math.min(Math.max(value, -most), most)

export const limitedClass = (value: number): number => limited(value, MOST_CLASS)

export const limitedOffset = (milliseconds: number): number => limited(milliseconds, MOST_OFFSET)

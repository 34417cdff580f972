/** Formats lengths of time. */
import type { Micros } from '../engine/index.js'

/** In microseconds, milliseconds or seconds, whichever is shortest. */
export const formatLength = (length: Micros): string =>
  length < 1000
    ? `${length} µs`
    : length < 1_000_000
      ? `${trimZeros((length / 1000).toFixed(3))} ms`
      : `${trimZeros((length / 1_000_000).toFixed(3))} s`

const trimZeros = (number: string): string => number.replace(/\.?0+$/, '')

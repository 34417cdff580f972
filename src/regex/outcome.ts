/** Outcome of a match attempt from one position; if it is not negative, the next position to try. */
export const MATCHED = -1
/** there is no match from here */
export const FAILED = -2
/** there is no match at all */
export const ENDED = -3

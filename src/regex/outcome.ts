/** What comes of a try to match from one place; where it is not negative, the next place to try. */
export const MATCHED = -1
/** there is no match from here */
export const FAILED = -2
/** there is no match at all */
export const ENDED = -3

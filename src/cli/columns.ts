/** The width of the terminal. */

/** Returns `COLUMNS` if set, else the width of the terminal; undefined for pipes and files, whose lines are not wrapped. */
export const columnsOf = (
  stream: { readonly columns?: number },
  environment: NodeJS.ProcessEnv,
): number | undefined => {
  const { COLUMNS = '' } = environment
  return /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : stream.columns
}

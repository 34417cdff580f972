/** How wide the terminal is that a command writes to. */

/**
 * As `COLUMNS` says, else as the terminal does; undefined for a pipe or a file, where lines are left whole for other programs.
 */
export const columnsOf = (
  stream: { readonly columns?: number },
  environment: NodeJS.ProcessEnv,
): number | undefined => {
  const { COLUMNS = '' } = environment
  return /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : stream.columns
}

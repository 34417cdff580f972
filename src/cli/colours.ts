/** Whether output is coloured. */
import { supportsColor } from 'chalk'

/**
 * `FORCE_COLOR`, even empty, takes precedence as in Node and chalk (`0` and `false` disable colours). Otherwise colours need a terminal
 * that supports them and no `NO_COLOR` (https://no-color.org), which chalk ignores.
 */
export const usesColours = (stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean => {
  const { FORCE_COLOR, NO_COLOR } = environment
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return stream.isTTY === true && supportsColor !== false && !NO_COLOR
}

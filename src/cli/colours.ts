/** Whether what is written is seen in colours. */
import { supportsColor } from 'chalk'

/**
 * `FORCE_COLOR` decides where it is set, even if it is empty, as in Node and chalk: `0` and `false` mean none. Else a terminal that
 * has them, unless `NO_COLOR` is set (https://no-color.org), which chalk does not look at.
 */
export const hasColours = (stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean => {
  const { FORCE_COLOR, NO_COLOR } = environment
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return stream.isTTY === true && supportsColor !== false && !NO_COLOR
}

/** Whether what is written is seen in colours. */
import { supportsColor } from 'chalk'

/** A terminal that has them, unless `NO_COLOR` says otherwise (https://no-color.org), which chalk does not look at. */
export const hasColours = (stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && supportsColor !== false && !environment.NO_COLOR

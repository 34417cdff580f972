/** Validation of arguments of proxy keywords that are not emulated (src/cfgparse-listen.c and others). */
import { required, type ValueCheck } from './check.js'

/** Validators by keyword. */
export const PROXY_VALUES: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ['use-fcgi-app', required(' expects <name> as argument')],
])

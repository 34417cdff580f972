/** An extension whose scripts take part in traffic. */
import type { StreamScripts } from './rules/action.js'
import type { ProcessExtension } from './world.js'

export interface ScriptExtension extends ProcessExtension {
  readonly functions: StreamScripts
}

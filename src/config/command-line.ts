/** Configuration support for command-line options: conditions (`-cc`) and keyword lists (`-dK`). */
import { toByteString } from '../bytes/text.js'
import { EMULATED } from './emulated.js'
import { evaluateCondition } from './syntax/condition.js'
import { inheritedEnvironment } from './syntax/environment.js'
import { globalKeywords } from './global/section.js'
import { lexLine } from './syntax/lexer.js'
import { proxyKeywords } from './proxy/keywords.js'

/** Evaluates a condition (`-cc`); returns its value or HAProxy's error message. */
export const evaluateConditionText = (
  text: string,
  env: Readonly<Record<string, string>>,
): boolean | { readonly error: string } => {
  const environment = inheritedEnvironment(env, EMULATED.version)
  const lexed = lexLine(toByteString(text), (name) => environment.get(name))
  if (lexed.error?.kind === 'unmatched quote') return { error: 'Syntax Error in condition: Unmatched quote.' }
  if (lexed.error?.kind === 'truncated or invalid hexadecimal sequence')
    return { error: 'Syntax Error in condition: Truncated or invalid hexadecimal sequence.' }
  if (lexed.error) return { error: 'Unhandled error in condition, please report this to the developers.' }
  if (lexed.tooMany !== undefined) return { error: 'Error in condition: Too many words.' }
  const { version, features, sslLibrary } = EMULATED
  const value = evaluateCondition(lexed.words.join(' '), { env: environment, version, features, sslLibrary })
  return typeof value === 'boolean' ? value : { error: `Failed to evaluate condition: ${value.message}` }
}

/** Keywords that hapsim emulates. */
export interface EmulatedKeywords {
  /** keywords by section */
  readonly sections: Readonly<Record<string, readonly string[]>>
  readonly fetches: readonly string[]
  readonly converters: readonly string[]
}

/** The names of what is emulated of samples. */
export interface EmulatedSamples {
  readonly fetches: ReadonlyMap<string, unknown>
  readonly converters: ReadonlyMap<string, unknown>
}

/** Lists the emulated keywords, without those that are only recognized. */
export const emulatedKeywords = (samples: EmulatedSamples): EmulatedKeywords => ({
  sections: { global: sorted(globalKeywords()), listen: sorted(proxyKeywords()) },
  fetches: sorted([...samples.fetches.keys()]),
  converters: sorted([...samples.converters.keys()]),
})

const sorted = (names: readonly string[]): readonly string[] => [...names].sort()

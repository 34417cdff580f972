/** Reads and validates `hapsim.config.json`. All errors are reported at once, with line and column. */
import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser'
import { findBestMatch } from '../config/syntax/best-match.js'
import { UsageError } from './terminal.js'

const SCHEMA = new URL('../../templates/hapsim.config.schema.json', import.meta.url)

export interface HapsimConfig {
  readonly value: Readonly<Record<string, unknown>>
  /** Creates an error about the value at a path of keys. */
  readonly errorAt: (path: readonly string[], message: string) => UsageError
}

/** The part of the JSON schema that messages need. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}

/**
 * Reads a JSON file that may contain comments. Throws a {@link UsageError}.
 *
 * @param name the name of the file in messages
 */
export const readHapsimConfig = (path: string, name: string): HapsimConfig => {
  const text = readText(path, name)
  const at = (offset: number, message: string): string => `${name}:${lineAndColumn(text, offset)}: ${message}`
  const tooDeep = offsetBeyondMaxDepth(text)
  if (tooDeep !== undefined) throw new UsageError(at(tooDeep, 'nested too deeply'))
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  if (errors.length > 0)
    throw new UsageError(at(errors[0]!.offset, `invalid JSON: ${SYNTAX[printParseErrorCode(errors[0]!.error)]}`))
  if (!root) throw new UsageError(`${name}: the file is empty; use {} for no defaults`)
  const problems = [...duplicateKeys(root), ...schemaProblems(root)].sort((a, b) => a.offset - b.offset)
  if (problems.length > 0)
    throw new UsageError(problems.map(({ offset, message }) => at(offset, message)).join('\nhapsim: '))
  return {
    value: getNodeValue(root) as Readonly<Record<string, unknown>>,
    errorAt: (keys, message) => {
      const node = findNodeAtLocation(root, [...keys])
      return new UsageError(at(node?.offset ?? 0, `${keys.join('.')}: ${message}`))
    },
  }
}

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'invalid token; strings need double quotes',
  InvalidNumberFormat: 'invalid number',
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: "expected ':'",
  CommaExpected: "expected ','",
  CloseBraceExpected: "expected '}'",
  CloseBracketExpected: "expected ']'",
  EndOfFileExpected: 'expected end of file',
  InvalidCommentToken: 'invalid comment',
  UnexpectedEndOfComment: 'unterminated comment',
  UnexpectedEndOfString: 'unterminated string',
  UnexpectedEndOfNumber: 'incomplete number',
  InvalidUnicode: 'expected four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'invalid escape sequence',
  InvalidCharacter: 'unescaped control character',
}

const readText = (path: string, name: string): string => {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${(error as NodeJS.ErrnoException).code}`)
  }
}

/** Far more than a configuration needs, and less than what overflows the stack. */
const MAX_DEPTH = 50

/** The offset at which nesting exceeds {@link MAX_DEPTH}, if it does. */
const offsetBeyondMaxDepth = (text: string): number | undefined => {
  const scanner = createScanner(text, true)
  let depth = 0
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const token = text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength())
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    if (depth > MAX_DEPTH) return scanner.getTokenOffset()
  }
  return undefined
}

const lineAndColumn = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/)
  return `${before.length}:${before.at(-1)!.length + 1}`
}

interface ConfigProblem {
  readonly offset: number
  readonly message: string
}

const duplicateKeys = (node: Node): ConfigProblem[] => {
  const seen = new Set<string>()
  return (node.children ?? []).flatMap((child) => {
    const inner = duplicateKeys(child)
    if (child.type !== 'property') return inner
    const [key] = child.children!
    const name = key!.value as string
    if (seen.has(name)) return [{ offset: key!.offset, message: `duplicate key '${name}'` }, ...inner]
    seen.add(name)
    return inner
  })
}

const schemaProblems = (root: Node): ConfigProblem[] => {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema
  const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema)
  if (validate(getNodeValue(root))) return []
  return validate.errors!.map((error) => schemaProblem(root, error))
}

const schemaProblem = (root: Node, error: ErrorObject): ConfigProblem => {
  const path = parsePointer(error.instancePath)
  const node = nodeAt(root, path) ?? root
  const name = path.map((key, i) => (/^\d+$/.test(key) ? `[${key}]` : i === 0 ? key : `.${key}`)).join('') || 'the file'
  const params = error.params as {
    additionalProperty?: string
    allowedValues?: unknown[]
    limit?: number
    type?: string | string[]
  }
  if (params.additionalProperty !== undefined) {
    const unknown = params.additionalProperty!
    const known = Object.keys((error.parentSchema as Schema).properties!).filter((each) => each !== '$schema')
    const key = node.children?.find((child) => child.children?.[0]?.value === unknown)?.children?.[0]
    return { offset: key?.offset ?? node.offset, message: unknownKey(unknown, path, known) }
  }
  const wanted =
    error.keyword === 'enum'
      ? `one of ${params.allowedValues!.map((each) => JSON.stringify(each)).join(', ')}`
      : error.keyword === 'type'
        ? [params.type!]
            .flat()
            .map((type) => TYPE_NAMES[type]!)
            .join(' or ')
        : error.keyword === 'minimum'
          ? `${params.limit} or more`
          : error.keyword === 'pattern'
            ? `one of ${examplesOf(error).join(', ')}`
            : undefined
  const message = wanted ? `${name} must be ${wanted}, not ${JSON.stringify(error.data)}` : `${name} must not be empty`
  return { offset: node.offset, message }
}

/** The valid values that the schema lists for a pattern. */
const examplesOf = ({ parentSchema }: ErrorObject): string[] =>
  (parentSchema as { readonly examples: readonly unknown[] }).examples
    .filter((each) => typeof each === 'string')
    .map((each) => JSON.stringify(each))

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'an object { … }',
  array: 'an array [ … ]',
  string: 'a string in double quotes',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
}

const unknownKey = (name: string, path: readonly string[], known: readonly string[]): string => {
  const near = findBestMatch(name, known)
  const where = path.length === 0 ? '' : ` in '${path.join('.')}'`
  return near === undefined
    ? `unknown key '${name}'${where}; known keys: ${known.join(', ')}`
    : `unknown key '${name}'${where}; did you mean '${near}'?`
}

const parsePointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))

const nodeAt = (root: Node, keys: readonly string[]): Node | undefined =>
  keys.reduce<Node | undefined>(
    (node, key) => node && findNodeAtLocation(node, [node.type === 'array' ? Number(key) : key]),
    root,
  )

/** Reads and checks a `hapsim.config.json`; all that is wrong in it is said at once, with its line and column. */
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
import { WrongCall } from './terminal.js'

const SCHEMA = new URL('../../templates/hapsim.config.schema.json', import.meta.url)

export interface ConfigFile {
  readonly value: Readonly<Record<string, unknown>>
  /** What to throw about the value at a path of keys. */
  readonly fault: (path: readonly string[], message: string) => WrongCall
}

/** What the schema says that the messages need. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}

/**
 * Reads a file in which comments are allowed. Throws a {@link WrongCall}.
 *
 * @param name what messages call the file
 */
export const readConfigFile = (path: string, name: string): ConfigFile => {
  const text = readText(path, name)
  const at = (offset: number, message: string): string => `${name}:${placeOf(text, offset)}: ${message}`
  const tooDeep = nestedTooDeep(text)
  if (tooDeep !== undefined) throw new WrongCall(at(tooDeep, 'this is nested too deep'))
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  if (errors.length > 0)
    throw new WrongCall(at(errors[0]!.offset, `this is not JSON: ${SYNTAX[printParseErrorCode(errors[0]!.error)]}`))
  if (!root) throw new WrongCall(`${name}: the file is empty; {} has nothing to say`)
  const problems = [...repeatedKeys(root), ...misfits(root)].sort((a, b) => a.offset - b.offset)
  if (problems.length > 0)
    throw new WrongCall(problems.map(({ offset, message }) => at(offset, message)).join('\nhapsim: '))
  return {
    value: getNodeValue(root) as Readonly<Record<string, unknown>>,
    fault: (keys, message) => {
      const node = findNodeAtLocation(root, [...keys])
      return new WrongCall(at(node?.offset ?? 0, `${keys.join('.')}: ${message}`))
    },
  }
}

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'no such word; texts stand in double quotes',
  InvalidNumberFormat: 'no such number',
  PropertyNameExpected: 'the name of a key in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: "':' is expected",
  CommaExpected: "',' is expected",
  CloseBraceExpected: "'}' is expected",
  CloseBracketExpected: "']' is expected",
  EndOfFileExpected: 'nothing more is expected',
  InvalidCommentToken: 'no such comment',
  UnexpectedEndOfComment: 'a comment has no end',
  UnexpectedEndOfString: 'a text has no end',
  UnexpectedEndOfNumber: 'a number has no end',
  InvalidUnicode: 'four hexadecimal digits are expected after \\u',
  InvalidEscapeCharacter: 'no such escape sequence',
  InvalidCharacter: 'a character that must be escaped',
}

const readText = (path: string, name: string): string => {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new WrongCall(`cannot read ${name}: ${(error as NodeJS.ErrnoException).code}`)
  }
}

/** More than any configuration needs, and less than what exhausts the stack. */
const DEEPEST = 50

/** Where the text opens one object or list too many within another. */
const nestedTooDeep = (text: string): number | undefined => {
  const scanner = createScanner(text, true)
  let depth = 0
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const token = text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength())
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    if (depth > DEEPEST) return scanner.getTokenOffset()
  }
  return undefined
}

const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/)
  return `${before.length}:${before.at(-1)!.length + 1}`
}

interface Misfit {
  readonly offset: number
  readonly message: string
}

const repeatedKeys = (node: Node): Misfit[] => {
  const seen = new Set<string>()
  return (node.children ?? []).flatMap((child) => {
    const inner = repeatedKeys(child)
    if (child.type !== 'property') return inner
    const [key] = child.children!
    const name = key!.value as string
    if (seen.has(name)) return [{ offset: key!.offset, message: `'${name}' stands here twice` }, ...inner]
    seen.add(name)
    return inner
  })
}

const misfits = (root: Node): Misfit[] => {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema
  const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema)
  if (validate(getNodeValue(root))) return []
  return validate.errors!.map((error) => misfit(root, error))
}

const misfit = (root: Node, error: ErrorObject): Misfit => {
  const path = keysOf(error.instancePath)
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
            .map((type) => TYPES[type]!)
            .join(' or ')
        : error.keyword === 'minimum'
          ? `${params.limit} or more`
          : error.keyword === 'pattern'
            ? `one of ${examplesOf(error).join(', ')}`
            : undefined
  const message = wanted ? `${name} must be ${wanted}, not ${JSON.stringify(error.data)}` : `${name} must not be empty`
  return { offset: node.offset, message }
}

/** What may be written where a pattern says what is well-formed. */
const examplesOf = ({ parentSchema }: ErrorObject): string[] =>
  (parentSchema as { readonly examples: readonly unknown[] }).examples
    .filter((each) => typeof each === 'string')
    .map((each) => JSON.stringify(each))

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object { … }',
  array: 'a list [ … ]',
  string: 'a text in double quotes',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

const unknownKey = (name: string, path: readonly string[], known: readonly string[]): string => {
  const near = findBestMatch(name, known)
  const where = path.length === 0 ? '' : ` in '${path.join('.')}'`
  return near === undefined
    ? `unknown key '${name}'${where}; known ones: ${known.join(', ')}`
    : `unknown key '${name}'${where}; did you mean '${near}'?`
}

const keysOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))

const nodeAt = (root: Node, keys: readonly string[]): Node | undefined =>
  keys.reduce<Node | undefined>(
    (node, key) => node && findNodeAtLocation(node, [node.type === 'array' ? Number(key) : key]),
    root,
  )

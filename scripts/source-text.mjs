/** Lists the declared names and the comments of source files: TypeScript and JavaScript by TypeScript's parser, Lua by lines. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** @typedef {{ readonly file: string, readonly line: number, readonly text: string }} Entry */

/**
 * The source files among `paths`; directories are searched recursively.
 *
 * @param {readonly string[]} paths
 * @returns {string[]}
 */
export const sourceFiles = (paths) =>
  paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return /\.(?:ts|js|mjs|lua)$/.test(path) ? [path] : []
    return sourceFiles(
      readdirSync(path)
        .sort()
        .map((name) => join(path, name)),
    )
  })

/**
 * @param {string} file
 * @returns {{ readonly names: readonly Entry[], readonly comments: readonly Entry[] }}
 */
export const sourceText = (file) => {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.lua') ? luaText(file, text) : scriptText(file, text)
}

/** @param {string} file @param {string} text */
const scriptText = (file, text) => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  /** @param {number} position */
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line + 1
  /** @type {Entry[]} */
  const names = []
  /** @type {Map<number, Entry>} */
  const comments = new Map()
  /** @param {readonly ts.CommentRange[] | undefined} ranges */
  const addComments = (ranges) => {
    for (const { pos, end } of ranges ?? [])
      comments.set(pos, { file, line: lineAt(pos), text: plainComment(text.slice(pos, end)) })
  }
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isNamed(node)) names.push({ file, line: lineAt(node.name.getStart(source)), text: node.name.text })
    const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child))
    if (children.length === 0) {
      addComments(ts.getLeadingCommentRanges(text, node.getFullStart()))
      addComments(ts.getTrailingCommentRanges(text, node.end))
    }
    children.forEach(visit)
  }
  visit(source)
  return { names, comments: joinLines([...comments.values()].sort((a, b) => a.line - b.line)) }
}

/**
 * Whether a node declares a name. References, and imports and exports under the declared name, do not.
 *
 * @param {ts.Node} node
 * @returns {node is ts.NamedDeclaration & { readonly name: ts.Identifier | ts.PrivateIdentifier }}
 */
const isNamed = (node) =>
  'name' in node &&
  node.name !== undefined &&
  (ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name)) &&
  !ts.isPropertyAccessExpression(node) &&
  !ts.isImportSpecifier(node) &&
  !ts.isExportSpecifier(node) &&
  !ts.isMetaProperty(node) &&
  !ts.isShorthandPropertyAssignment(node)

/**
 * Joins consecutive `//` comments.
 *
 * @param {readonly Entry[]} comments
 */
const joinLines = (comments) => {
  /** @type {{ entry: Entry, last: number }[]} */
  const joined = []
  for (const comment of comments) {
    const previous = joined.at(-1)
    if (previous?.last === comment.line - 1 && comment.text.startsWith('// ') && previous.entry.text.startsWith('// '))
      joined[joined.length - 1] = {
        entry: { ...previous.entry, text: `${previous.entry.text} ${comment.text.slice(3)}` },
        last: comment.line,
      }
    else joined.push({ entry: comment, last: comment.line })
  }
  return joined.map(({ entry }) => ({ ...entry, text: entry.text.replace(/^\/\/ ?/, '') }))
}

/** Removes the delimiters of a block comment. @param {string} comment */
const plainComment = (comment) =>
  comment
    .replace(/^\/\*+(?:\n\s*\*)?\s?|\s*\*\/$/g, '')
    .replace(/\n\s*\* ?/g, ' ')
    .trim()

/** @param {string} file @param {string} text */
const luaText = (file, text) => {
  /** @type {Entry[]} */
  const names = []
  /** @type {Entry[]} */
  const comments = []
  text.split('\n').forEach((content, index) => {
    const line = index + 1
    const [, comment] = /(?:^|\s)--+(.*)$/.exec(content) ?? []
    if (comment !== undefined) comments.push({ file, line, text: comment.trim() })
    for (const [, name] of content.matchAll(/\bfunction\s+([\w.:]+)/g)) names.push({ file, line, text: name })
    const [, locals] = /^\s*local\s+(?!function\b)([\w, ]+)/.exec(content) ?? []
    for (const name of locals?.split(',') ?? []) names.push({ file, line, text: name.trim() })
  })
  return { names, comments }
}

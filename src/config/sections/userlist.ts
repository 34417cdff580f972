/** The section `userlist` (cfg_parse_users in src/cfgparse.c, userlist_postinit in src/auth.c). */
import type { ParseContext, SectionParser } from '../parse-context.js'
import type { Section, SectionCheck } from '../section.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import { UserlistDraft, USERLISTS, type GroupDraft, type UserDraft } from './userlist-draft.js'

const read: SectionParser = (context, line) => {
  const keyword = KEYWORDS.get(line.at(0))
  if (!keyword) return context.alertWithoutSpace(line, `unknown keyword '${line.at(0)}' in 'userlist' section`)
  if (line.at(1) === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects <name> as arguments.`)
  return keyword(context, line)
}

const warn = (context: ParseContext, line: Line, text: string): 'ok' => {
  context.main.add('warning', `config : parsing [${line.file}:${line.line}]: ${text}`, line.place)
  return 'ok'
}

/** Reports an invalid character in the name. Returns whether it did. */
const hasInvalidName = (context: ParseContext, line: Line): boolean => {
  const bad = invalidCharacter(line.at(1))
  if (bad === undefined) return false
  context.alertWithoutSpace(line, `character '${bad}' is not permitted in '${line.at(0)}' name '${line.at(1)}'.`)
  return true
}

/** Lines after a duplicate belong to the list before it. */
const begin: SectionParser = (context, line) => {
  if (context.tooManyWords(line, 1) || hasInvalidName(context, line)) return 'fatal'
  const userlists = context.drafts(USERLISTS)
  const name = line.at(1)
  if (userlists.find(name)) return warn(context, line, `ignoring duplicated userlist '${name}'.`)
  userlists.begin(new UserlistDraft(name, line.place))
  return 'ok'
}

const group: SectionParser = (context, line) => {
  if (hasInvalidName(context, line)) return 'fatal'
  const list = context.drafts(USERLISTS).current
  if (!list) return 'ok'
  const added: GroupDraft = { name: line.at(1), userNames: undefined }
  if (list.groups.includes(added.name))
    return warn(context, line, `ignoring duplicated group '${added.name}' in userlist '${list.name}'.`)
  for (let at = 2; line.at(at) !== ''; at += 2) {
    if (line.at(at) !== 'users') return context.alertWithoutSpace(line, `'${line.at(0)}' only supports 'users' option.`)
    if (added.userNames !== undefined)
      return context.alertWithoutSpace(line, `'users' option already defined in '${line.at(0)}' name '${added.name}'.`)
    added.userNames = line.at(at + 1)
  }
  list.declaredGroups.push(added)
  return 'ok'
}

const user: SectionParser = (context, line) => {
  const list = context.drafts(USERLISTS).current
  if (!list) return 'ok'
  const name = line.at(1)
  if (list.users.some((each) => each.name === name))
    return warn(context, line, `ignoring duplicated user '${name}' in userlist '${list.name}'.`)
  const added: UserDraft = { name, password: undefined, insecure: false, groupNames: '', groups: [] }
  list.users.push(added)
  for (let at = 2; line.at(at) !== ''; at += 2) {
    const [option, value] = [line.at(at), line.at(at + 1)]
    if (option === 'groups') added.groupNames = value
    else if (option === 'password') {
      added.password = value
      if (!isSupportedHash(value)) context.notEmulated(line, `the hash of the password of user '${name}'`, 'traffic')
    } else if (option === 'insecure-password') {
      added.password = value
      added.insecure = true
    } else
      return context.alertWithoutSpace(
        line,
        `'${line.at(0)}' only supports 'password', 'insecure-password' and 'groups' options.`,
      )
  }
  return 'ok'
}

/** Whether it begins with a method that `crypt` knows: MD5, SHA-256 and SHA-512. */
const isSupportedHash = (hash: string): boolean => /^\$[156]\$/.test(hash)

const KEYWORDS: ReadonlyMap<string, SectionParser> = new Map([
  ['userlist', begin],
  ['group', group],
  ['user', user],
])

const names = (text: string | undefined): readonly string[] => (text ?? '').split(',').filter((each) => each !== '')

/** Resolves the names of groups and users, the latest first; the first unknown one ends it. */
const resolveNames: SectionCheck = (context, diagnostics) => {
  for (const list of [...context.drafts(USERLISTS).all].reverse()) {
    const problem = resolveGroups(list) ?? resolveUsers(list)
    if (problem === undefined) continue
    diagnostics.add('alert', `userlist '${list.name}': ${problem}`, list.place)
    return
  }
}

const resolveGroups = (list: UserlistDraft): string | undefined => {
  for (const each of [...list.users].reverse())
    for (const name of names(each.groupNames)) {
      if (!list.groups.includes(name)) return `no such group '${name}' specified in user '${each.name}'`
      each.groups.push(name)
    }
  return undefined
}

const resolveUsers = (list: UserlistDraft): string | undefined => {
  for (const { name, userNames } of [...list.declaredGroups].reverse())
    for (const wanted of names(userNames)) {
      const found = list.users.find((each) => each.name === wanted)
      if (!found) return `no such user '${wanted}' specified in group '${name}'`
      found.groups.push(name)
    }
  return undefined
}

/** The section `userlist`. */
export const USERLIST_SECTION: Section = { keyword: 'userlist', read, checkFirst: resolveNames }

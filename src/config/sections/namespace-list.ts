/** The section `namespace_list` (cfg_parse_netns in src/cfgparse.c). */
import type { SectionParser } from '../parse-context.js'
import type { Section } from '../section.js'
import { SectionKey } from '../section-drafts.js'
import { invalidCharacter } from '../syntax/names.js'

/** The namespaces that may be used; their `current` is not used. */
const NAMESPACES = new SectionKey<{ readonly name: string }>('namespace_list')

/** Keywords other than `namespace` are ignored. Namespaces are assumed to exist. */
const read: SectionParser = (context, line) => {
  if (line.at(0) === 'namespace_list') return context.notEmulated(line, "section 'namespace_list'", 'checks')
  if (line.at(0) !== 'namespace') return 'ok'
  const namespaces = context.drafts(NAMESPACES)
  for (const name of line.from(1)) {
    const bad = invalidCharacter(name)
    if (bad !== undefined)
      return context.alertWithoutSpace(line, `character '${bad}' is not permitted in 'namespace' name '${name}'.`)
    if (namespaces.find(name)) return context.alertWithoutSpace(line, `Namespace '${name}' is already added.`)
    namespaces.begin({ name })
  }
  return 'ok'
}

/** The section `namespace_list`. */
export const NAMESPACE_LIST_SECTION: Section = { keyword: 'namespace_list', read }

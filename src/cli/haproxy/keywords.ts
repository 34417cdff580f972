/** `-dK`: lists the emulated keywords by class in HAProxy's format (`dump_registered_keywords`). */
import { emulatedKeywords } from '../../config/index.js'
import { SAMPLES, type Registry } from '../../haproxy/index.js'

const CLASSES = {
  acl: 'ACL keywords',
  cfg: 'configuration keywords',
  cli: 'CLI keywords',
  cnv: 'sample converter functions',
  flt: 'filter names',
  smp: 'sample fetch functions',
  svc: 'service names',
} as const

const HELP = `# List of supported keyword classes:
all: list all keywords
acl: ACL keywords
cfg: configuration keywords
cli: CLI keywords
cnv: sample converter keywords
flt: filter names
smp: sample fetch functions
svc: service names
`

/** @param wanted a comma-separated list of classes; `all` selects the classes after it, too */
export const keywordText = (wanted: string, commands: Registry): string => {
  let text = ''
  let all = false
  for (const name of wanted.split(',')) {
    if (name === 'help') {
      text += HELP
      continue
    }
    all ||= name === 'all'
    for (const each of Object.keys(CLASSES) as (keyof typeof CLASSES)[])
      if (all || each === name) text += `# List of registered ${CLASSES[each]}:\n${keywordLines(each, commands)}`
  }
  return text
}

const keywordLines = (name: keyof typeof CLASSES, commands: Registry): string => {
  const keywords = emulatedKeywords(SAMPLES)
  switch (name) {
    case 'cfg':
      return Object.entries(keywords.sections)
        .map(([section, keywords]) => `${section}\n${keywords.map((each) => `\t${each}\n`).join('')}`)
        .join('')
    case 'cli':
      return commands.all
        .map((each) => `${each.words.join(' ')} [WORKER] \n`)
        .sort()
        .join('')
    case 'cnv':
      return keywords.converters.map((each) => `${each}\n`).join('')
    case 'smp':
      return keywords.fetches.map((each) => `${each}\n`).join('')
    default:
      return ''
  }
}

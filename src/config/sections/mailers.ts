/** The section `mailers` (cfg_parse_mailers in src/cfgparse.c). */
import { SECOND } from '../../engine/clock.js'
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import { badCharacter } from '../syntax/names.js'
import type { LineResult, Reading, SectionReader } from '../reading.js'
import { isDurationError, parseDuration } from '../syntax/units.js'

export const readMailersLine: SectionReader = (reading, line) => {
  switch (line.at(0)) {
    case 'mailers':
      return beginMailers(reading, line)
    case 'mailer':
      return readMailer(reading, line)
    case 'timeout':
      return readTimeout(reading, line)
    default:
      return reading.alert(line, `unknown keyword '${line.at(0)}' in 'mailers' section`)
  }
}

const beginMailers = (reading: Reading, line: Line): LineResult => {
  const name = line.at(1)
  if (name === '') {
    reading.alert(line, 'missing name for mailers section.')
    return 'abort'
  }
  const bad = badCharacter(name)
  if (bad !== undefined) {
    reading.alert(line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
    return 'abort'
  }
  let outcome: LineResult = 'ok'
  for (const { place } of reading.mailers.filter((each) => each.name === name))
    outcome = reading.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: mailers section '${name}' has the same name as another ` +
        `mailers section declared at ${place.file}:${place.line}.`,
    )
  reading.currentMailers = { name, place: line.place, mailers: [], timeoutMail: 10 * SECOND }
  reading.mailers.push(reading.currentMailers)
  return outcome
}

const readMailer = (reading: Reading, line: Line): LineResult => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') return reading.alert(line, `'${keyword}' expects <name> and <addr>[:<port>] as arguments.`)
  const bad = badCharacter(name)
  if (bad !== undefined) return reading.alert(line, `character '${bad}' is not permitted in server name '${name}'.`)
  const parsed = readAddress(reading, text, 'mailer')
  if ('error' in parsed) return reading.alert(line, `'${keyword} ${name}' : ${parsed.error}`)
  if (!('ip' in parsed.address) || parsed.protocol !== 'stream')
    return reading.alert(line, `'${keyword} ${name}' : TCP not supported for this address family.`)
  reading.currentMailers!.mailers.push({ name, address: parsed.address, place: line.place })
  return 'ok'
}

const readTimeout = (reading: Reading, line: Line): LineResult => {
  const [keyword, which, text] = [line.at(0), line.at(1), line.at(2)]
  if (which === '') return reading.alert(line, `'${keyword}' expects 'mail' and <time> as arguments.`)
  if (which !== 'mail')
    return reading.alert(line, `'${keyword}' expects 'mail' and <time> as arguments got '${which}'.`)
  if (text === '') return reading.alert(line, `'${keyword} ${which}' expects <time> as argument.`)
  const parsed = parseDuration(text)
  if (!isDurationError(parsed)) {
    reading.currentMailers!.timeoutMail = parsed.value
    return 'ok'
  }
  const what = `in argument <${text}> to <${keyword} ${which}>`
  if (parsed === 'overflow')
    return reading.alertWithoutSpace(line, `timer overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`)
  if (parsed === 'underflow')
    return reading.alertWithoutSpace(line, `timer underflow ${what}, minimum non-null value is 1 ms.`)
  return reading.alertWithoutSpace(
    line,
    `unexpected character '${parsed.unexpected}' in argument to <${keyword} ${which}>.`,
  )
}

/** `option smtpchk`: the greeting, a hello and a good bye (`proxy_parse_smtpchk_opt` in src/tcpcheck.c). */
import { toByteString } from '../../../bytes/text.js'
import { connect, expect, expression, format, makeProgram, regex, send, sendFormat, type Program } from '../program.js'
import type { CheckKind } from './kind.js'

/** @param hello the command with its host: `HELO localhost` */
const smtpProgram = (hello: string): Program => {
  const text = format("%[res.payload(4,0),ltrim(' '),cut_crlf]")
  const answered = { errorStatus: 'L7STS', onError: text, statusCode: expression('res.payload(0,3)') } as const
  return makeProgram(
    'smtp',
    [
      connect(true),
      expect(
        1,
        { type: 'rstring', regex: regex('^[0-9]{3}[ \r]') },
        { minRecv: 4, errorStatus: 'L7RSP', onError: format('%[res.payload(0,0),cut_crlf]') },
      ),
      expect(2, { type: 'rstring', regex: regex('^2[0-9]{2}[ \r]') }, { minRecv: 4, ...answered }),
      sendFormat(3, '%[var(check.smtp_cmd)]\r\n', false),
      expect(
        4,
        { type: 'rstring', regex: regex('^(2[0-9]{2}-[^\r]*\r\n)*2[0-9]{2}[ \r]') },
        { ...answered, onSuccess: text },
      ),
      send(5, 'QUIT\r\n'),
      expect(6, { type: 'rstring', regex: regex('^2[0-9]{2}[- \r]') }, { minRecv: 4, ...answered, onSuccess: text }),
    ],
    { smtp_cmd: hello },
  )
}

export const smtpCheck: CheckKind = {
  option: 'smtpchk',
  maxArguments: 2,
  parse: ([verb = '', host = '']) => {
    const isHello = (verb === 'EHLO' || verb === 'HELO') && host !== ''
    return smtpProgram(isHello ? toByteString(`${verb} ${host}`) : 'HELO localhost')
  },
  example: {
    greeting: '220 hapsim\r\n',
    response: (command) => (/^QUIT/i.test(command) ? '221 bye\r\n' : '250 hello\r\n'),
  },
}

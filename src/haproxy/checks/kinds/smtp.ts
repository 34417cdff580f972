/** `option smtpchk`: the greeting, a hello and a good bye (`proxy_parse_smtpchk_opt` in src/tcpcheck.c). */
import {
  connect,
  expect,
  expression,
  format,
  makeProgram,
  regex,
  send,
  sendFormat,
  type Program,
} from '../../dialogue/program.js'
import { str } from '../../dialogue/samples.js'

/** @param hello the command with its host: `HELO localhost` */
export const smtpProgram = (hello: string): Program => {
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
    new Map([['check.smtp_cmd', str(hello)]]),
  )
}

/** ACLs and conditions in the real HAProxy: a frontend answers one request with the values of all of them. */
import { connect } from 'node:net'
import { join } from 'node:path'
import { encodeText } from '../../../src/bytes/text.js'
import { RealHaproxy } from '../support/real-haproxy.js'

/** ACLs whose values fit on one line of the configuration. */
const PER_LINE = 40

export const aclConfig = (acls: readonly string[], conditions: readonly string[] = []): string => {
  const values = (prefix: string, count: number): string[] =>
    Array.from({ length: Math.ceil(count / PER_LINE) }, (_, line) => {
      const numbers = Array.from({ length: Math.min(PER_LINE, count - line * PER_LINE) }, (_, i) => line * PER_LINE + i)
      return `    http-request set-var-fmt(txn.${prefix}${line}) "${numbers.map((i) => `%[${prefix === 'a' ? `acl(a${i})` : `var(txn.is${i})`}]`).join('')}"`
    })
  const lines = [
    ...values('a', acls.length),
    ...conditions.flatMap((condition, i) => [
      `    http-request set-var(txn.is${i}) int(0)`,
      `    http-request set-var(txn.is${i}) int(1) ${condition}`,
    ]),
    ...values('c', conditions.length),
  ]
  const results = [...lines.join('\n').matchAll(/set-var-fmt\((txn\.\w+)\)/g)].map(([, name]) => `%[var(${name})]`)
  return [
    'global',
    '    stats socket unix@sock level admin',
    '    tune.bufsize 65536',
    'defaults',
    '    mode http',
    '    timeout client 5s',
    '    timeout connect 5s',
    '    timeout server 5s',
    'frontend web',
    '    bind unix@web',
    ...acls.map((acl, i) => `    acl a${i} ${acl}`),
    ...lines,
    `    http-request return status 200 content-type text/plain lf-string "${results.join('')}"`,
    '',
  ].join('\n')
}

/** `1` or `0` for each ACL, then for each condition. */
export const realAcls = async (
  config: string,
  files: Readonly<Record<string, string>>,
  request: string,
): Promise<string> => {
  const real = await RealHaproxy.start(config, files)
  try {
    await real.until(() => real.listensAt('web'))
    const answer = await new Promise<string>((resolve, reject) => {
      const connection = connect(join(real.folder, 'web'), () => connection.write(encodeText(request)))
      let text = ''
      connection.setEncoding('latin1')
      connection.on('data', (data: string) => (text += data))
      connection.on('end', () => resolve(text))
      connection.on('error', reject)
    })
    return answer.slice(answer.indexOf('\r\n\r\n') + 4)
  } finally {
    await real.stop()
  }
}

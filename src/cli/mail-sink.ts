/** `--mail-sink` and `--mail-dir`: where the mail server in the box listens, and what is shown of its mails. */
import { systemErrorText } from '../bytes/errno.js'
import { existsSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { encodeText } from '../bytes/text.js'
import type { LineWriter } from '../live/index.js'
import type { MailSink } from '../live/mail-sink.js'
import { isIp, parseAddress } from '../net/address.js'
import { ConsoleView } from '../report/console.js'
import { accountsOf, type MailFlags } from './mail-options.js'
import { WrongCall, type Terminal } from './terminal.js'

export interface SinkAddress {
  /** an IP address, or a name that the system knows */
  readonly host: string
  readonly port: number
}

const USUAL: SinkAddress = { host: '127.0.0.1', port: 2525 }

export interface SinkFlags extends MailFlags {
  /** true for the usual one */
  readonly mailSink?: SinkAddress | true
  readonly mailDir?: string
}

/** Reads `ADDRESS:PORT`. */
export const sinkAddress = (text: string): SinkAddress => {
  const parsed = parseAddress(text, { portOk: true, portMandatory: true, allowUnresolved: true })
  if (!('error' in parsed) && isIp(parsed.address) && parsed.name !== '')
    return { host: parsed.name ?? parsed.address.ip, port: parsed.port }
  // what stands behind the option is its address, even where it was meant as something else
  if (existsSync(text)) throw new InvalidArgumentError('write --mail-sink behind the file, or --mail-sink=ADDRESS:PORT')
  const why = 'error' in parsed && text !== '' ? ` (${parsed.error})` : ''
  throw new InvalidArgumentError(`write ADDRESS:PORT, as in 127.0.0.1:2525${why}`)
}

/** Starts it where it is asked for; throws a {@link WrongCall} where that is not possible. */
export const startSink = async (
  flags: SinkFlags,
  terminal: Terminal,
  stdout: LineWriter,
  complain: (text: string) => void,
): Promise<MailSink | undefined> => {
  const { mailSink, mailDir, mailTls } = flags
  const accounts = accountsOf(flags)
  if (mailSink === undefined && mailDir === undefined) {
    if (accounts === undefined && mailTls === undefined) return undefined
    throw new WrongCall(`--live: ${accounts ? '--mail-account' : '--mail-tls'} goes with --mail-sink`)
  }
  const [{ MailSink }, { MailFolder, MailFolderError }] = await Promise.all([
    import('../live/mail-sink.js'),
    import('../live/mail-folder.js'),
  ])
  const { host, port } = mailSink === undefined || mailSink === true ? USUAL : mailSink
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const view = new ConsoleView(terminal.colours, terminal.columns)
  const began = terminal.clock()
  try {
    const sink = await MailSink.start({
      host,
      port,
      accounts,
      tls: mailTls,
      folder: mailDir === undefined ? undefined : new MailFolder(mailDir),
      taken(mail, file) {
        const at = Math.round((terminal.clock() - began) * 1000)
        const server = `the mail sink${file === undefined ? '' : `, kept as ${file}`}`
        stdout.write(encodeText(`${view.render({ type: 'mail', server, at, ...mail })}\n`))
      },
      complain,
    })
    complain(`mails are taken at ${where}${CONDITIONS[mailTls ?? 'plain']}${accounts ? ', of who has logged in' : ''}`)
    return sink
  } catch (error) {
    if (error instanceof MailFolderError) throw new WrongCall(`--mail-dir: ${error.message}`)
    throw new WrongCall(`--mail-sink: cannot listen at ${where}: ${reason(error)}`)
  }
}

const CONDITIONS = { plain: '', starttls: ', with STARTTLS', implicit: ', over TLS' } as const

const HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: '; --mail-sink=ADDRESS:PORT takes another',
  EACCES: '; ports below 1024 are not for everybody',
}

const reason = (error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException
  return code === 'ENOTFOUND' ? 'nobody knows the host' : systemErrorText(error) + (HINTS[code] ?? '')
}

/** `--mail-sink` and `--mail-dir`: a mail server for live runs, whose mails are printed. */
import { systemErrorText } from '../bytes/errno.js'
import { existsSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { encodeText } from '../bytes/text.js'
import type { LineWriter } from '../live/index.js'
import type { MailSink } from '../live/mail-sink.js'
import { isIp, parseAddress } from '../net/address.js'
import { ConsoleView } from '../report/console.js'
import { accountsOf, type MailFlags } from './mail-options.js'
import { UsageError, type Terminal } from './terminal.js'

export interface SinkAddress {
  /** an IP address or a host name */
  readonly host: string
  readonly port: number
}

const DEFAULT_ADDRESS: SinkAddress = { host: '127.0.0.1', port: 2525 }

export interface SinkFlags extends MailFlags {
  /** true: the default address */
  readonly mailSink?: SinkAddress | true
  readonly mailDir?: string
}

/** Parses `ADDRESS:PORT`. */
export const parseSinkAddress = (text: string): SinkAddress => {
  const parsed = parseAddress(text, { portOk: true, portMandatory: true, allowUnresolved: true })
  if (!('error' in parsed) && isIp(parsed.address) && parsed.name !== '')
    return { host: parsed.name ?? parsed.address.ip, port: parsed.port }
  // an optional value takes the next argument, even if a file name was meant
  if (existsSync(text))
    throw new InvalidArgumentError('put --mail-sink after the file, or write --mail-sink=ADDRESS:PORT')
  const why = 'error' in parsed && text !== '' ? ` (${parsed.error})` : ''
  throw new InvalidArgumentError(`expected ADDRESS:PORT, such as 127.0.0.1:2525${why}`)
}

/** Starts the mail sink if requested. Throws a {@link UsageError} if it cannot be started. */
export const startSink = async (
  flags: SinkFlags,
  terminal: Terminal,
  stdout: LineWriter,
  warn: (text: string) => void,
): Promise<MailSink | undefined> => {
  const { mailSink, mailDir, mailTls } = flags
  const accounts = accountsOf(flags)
  if (mailSink === undefined && mailDir === undefined) {
    if (accounts === undefined && mailTls === undefined) return undefined
    throw new UsageError(`--live: ${accounts ? '--mail-account' : '--mail-tls'} requires --mail-sink`)
  }
  const [{ MailSink }, { MailDirectory, MailDirectoryError }] = await Promise.all([
    import('../live/mail-sink.js'),
    import('../live/mail-directory.js'),
  ])
  const { host, port } = mailSink === undefined || mailSink === true ? DEFAULT_ADDRESS : mailSink
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const view = new ConsoleView(terminal.colours, terminal.columns)
  const began = terminal.clock()
  try {
    const sink = await MailSink.start({
      host,
      port,
      accounts,
      tls: mailTls,
      directory: mailDir === undefined ? undefined : new MailDirectory(mailDir),
      onMail(mail, file) {
        const at = Math.round((terminal.clock() - began) * 1000)
        const server = `the mail sink${file === undefined ? '' : `, saved as ${file}`}`
        stdout.write(encodeText(`${view.render({ type: 'mail', server, at, ...mail })}\n`))
      },
      warn,
    })
    warn(`accepting mail at ${where}${TLS_TEXT[mailTls ?? 'plain']}${accounts ? ', authentication required' : ''}`)
    return sink
  } catch (error) {
    if (error instanceof MailDirectoryError) throw new UsageError(`--mail-dir: ${error.message}`)
    throw new UsageError(`--mail-sink: cannot listen at ${where}: ${listenErrorText(error)}`)
  }
}

const TLS_TEXT = { plain: '', starttls: ', with STARTTLS', implicit: ', over TLS' } as const

const HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: '; use --mail-sink=ADDRESS:PORT for another address',
  EACCES: '; ports below 1024 are privileged',
}

const listenErrorText = (error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException
  return code === 'ENOTFOUND' ? 'unknown host' : systemErrorText(error) + (HINTS[code] ?? '')
}

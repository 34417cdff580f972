/**
 * A real mail server, Debian's Postfix, in a temporary folder: it listens on loopback at a given port and puts
 * every mail for example.com into a maildir. Its master wants to be root.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { freePort } from '../../support/free-port.js'

const PROGRAMS = '/usr/lib/postfix/sbin'

const hasPostfix = existsSync(join(PROGRAMS, 'master')) && process.getuid?.() === 0

/** A group of tests that needs it. */
export const describePostfix = (name: string, body: () => void): void => {
  if (!hasPostfix) console.warn(`SKIPPED: "${name}": needs Debian's postfix, and root`)
  describe.skipIf(!hasPostfix)(name, body)
}

export class Postfix {
  // $TMPDIR of a run lets others in; root alone might not
  readonly folder = temporaryFolder('postfix')

  private constructor(readonly port: number) {}

  static async start(): Promise<Postfix> {
    const postfix = new Postfix(await freePort())
    postfix.#configure()
    postfix.#command('start')
    return postfix
  }

  /** The mails that were delivered to `user`@example.com, as files hold them. */
  mails(user: string): string[] {
    const folder = join(this.folder, 'mails', user, 'new')
    if (!existsSync(folder)) return []
    // names begin with the time of delivery
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
  }

  stop(): void {
    this.#command('stop')
    rmSync(this.folder, { recursive: true, force: true })
  }

  #command(command: string): void {
    const { status, stderr } = spawnSync('postfix', ['-c', join(this.folder, 'etc'), command], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`postfix ${command}: ${stderr}`)
  }

  #configure(): void {
    const { folder } = this
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postfix'], { encoding: 'utf8' })))
    chmodSync(folder, 0o755)
    for (const name of ['etc', 'queue', 'data', 'mails']) mkdirSync(join(folder, name))
    for (const name of ['data', 'mails']) chownSync(join(folder, name), uid!, gid!)
    writeFileSync(
      join(folder, 'etc', 'main.cf'),
      `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file_prefixes = ${folder}
maillog_file = ${folder}/log
mail_owner = postfix
setgid_group = postdrop
multi_instance_name = postfix-hapsim
alternate_config_directories =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.net
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.com
virtual_mailbox_base = ${folder}/mails
virtual_mailbox_maps = static:admin/
virtual_uid_maps = static:${uid}
virtual_gid_maps = static:${gid}
virtual_minimum_uid = 1
alias_maps =
alias_database =
biff = no
`,
    )
    const service = (name: string, kind: string, isPrivate: string, program = name, rest = '-') =>
      `${name} ${kind} ${isPrivate} - n ${rest} ${program}\n`
    writeFileSync(
      join(folder, 'etc', 'master.cf'),
      [
        `127.0.0.1:${this.port} inet n - n - - smtpd\n`,
        ...['cleanup', 'showq'].map((name) => service(name, 'unix', 'n', name, '- 0')),
        'qmgr unix n - n 300 1 qmgr\n',
        'tlsmgr unix - - n 1000? 1 tlsmgr\n',
        service('rewrite', 'unix', '-', 'trivial-rewrite', '- -'),
        ...['bounce', 'defer', 'trace'].map((name) => service(name, 'unix', '-', 'bounce', '- 0')),
        ...['proxymap', 'error', 'smtp'].map((name) => service(name, 'unix', '-', name, '- -')),
        // delivers in the name of each mailbox's owner, which takes privileges
        'virtual unix - n n - - virtual\n',
        'anvil unix - - n - 1 anvil\n',
        'postlog unix-dgram n - n - 1 postlogd\n',
      ].join(''),
    )
  }
}

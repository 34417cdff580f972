/** Certificates made for one run by `openssl`: an authority, and certificates signed by it or by an unknown one. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.js'

const CA_CONFIG = `
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
default_crl_days = 30
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`

/** A name of a certificate, and what is in it. */
export interface Issued {
  readonly cert: string
  readonly key: string
}

export class RealCertificates {
  readonly folder = temporaryFolder('certificates')

  constructor() {
    this.write('index.txt', '')
    this.write('serial', '01\n')
    this.write('ca.cnf', CA_CONFIG)
    this.#openssl(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=authority',
    )
  }

  /** The file `name.pem` with certificate and key; `name.crt` and `name.key` hold them one by one. */
  issue(name: string, options: { readonly host: string; readonly from?: string; readonly to?: string }): string {
    const { host, from = '20200101000000Z', to = '20991231000000Z' } = options
    this.#openssl(
      `req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${host} -addext subjectAltName=DNS:${host}`,
    )
    this.#openssl(
      `ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in ${name}.csr -out ${name}.crt -notext -startdate ${from} -enddate ${to}`,
    )
    return this.#joined(name)
  }

  /** The same, issued by itself. @param key what `openssl req` takes to make one */
  selfSigned(name: string, host: string, key = 'ec -pkeyopt ec_paramgen_curve:P-256'): string {
    this.#openssl(
      `req -x509 -newkey ${key} -nodes -keyout ${name}.key -out ${name}.crt -days 30 -subj /CN=${host} -addext subjectAltName=DNS:${host}`,
    )
    return this.#joined(name)
  }

  /** Takes a certificate back, and writes `crl.pem`. */
  revoke(name: string): void {
    this.#openssl(`ca -config ca.cnf -cert ca.pem -keyfile ca.key -revoke ${name}.crt`)
    this.#openssl('ca -config ca.cnf -cert ca.pem -keyfile ca.key -gencrl -out crl.pem')
  }

  /** For node:tls. */
  of(name: string): Issued {
    return { cert: this.read(`${name}.crt`), key: this.read(`${name}.key`) }
  }

  path(file: string): string {
    return join(this.folder, file)
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'latin1')
  }

  write(file: string, content: string): void {
    writeFileSync(this.path(file), content)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #joined(name: string): string {
    this.write(`${name}.pem`, this.read(`${name}.crt`) + this.read(`${name}.key`))
    return this.path(`${name}.pem`)
  }

  #openssl(words: string): void {
    execFileSync('openssl', words.split(' '), { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
}

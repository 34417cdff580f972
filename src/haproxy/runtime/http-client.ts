/** `httpclient`: sends a request and shows the response (`hc_cli_parse` and `hc_cli_io_handler` in src/http_client.c). */
import { toBytes } from '../../bytes/latin1.js'
import { toByteString } from '../../bytes/text.js'
import { KNOWN_METHODS } from '../../http/index.js'
import type { ClientProgress, HttpClient } from '../applets/httpclient/index.js'
import type { Answer, Job, JobOutput } from './job.js'
import type { CommandCall, Family } from './registry.js'

const FAILED = "Can't start the HTTP client.\n"

const request = ({ process, args, payload }: CommandCall): Answer => {
  const [method, url] = args
  if (method === undefined || url === undefined) return "Can't start the HTTP client: not enough parameters.\n"
  if (!KNOWN_METHODS.includes(method)) return FAILED
  const client = process.httpClients.create()
  if (!client) return FAILED
  const job = new RequestJob(client)
  const body = payload === undefined ? undefined : toByteString(payload)
  const problem = client.start({
    method,
    url: toByteString(url),
    fields: [],
    hasBody: body !== undefined,
    ...(body !== undefined && { body }),
  })
  return problem ? FAILED : job
}

class RequestJob implements Job {
  #output: JobOutput | undefined
  /** progress that was made before there was an output */
  readonly #early: ClientProgress[] = []

  constructor(readonly client: HttpClient) {
    client.onProgress = (progress) => {
      if (this.#output) this.#show(progress)
      else this.#early.push(progress)
    }
  }

  start(output: JobOutput): void {
    this.#output = output
    for (const progress of this.#early) this.#show(progress)
  }

  #show(progress: ClientProgress): void {
    const { client } = this
    const { version, status, reason, fields } = client
    switch (progress) {
      case 'status':
        return this.#write(`${version} ${status} ${reason}\n`)
      case 'headers':
        return this.#write(`${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
      case 'body':
        return this.roomMade()
      case 'end':
        this.#finish()
    }
  }

  /** @param text a byte string */
  #write(text: string): void {
    this.#output!.writeBytes(toBytes(text))
  }

  /** Writes what was received of the body, as soon as the client has read what was written before. */
  roomMade(): void {
    const output = this.#output
    if (!output?.hasRoom) return
    if (this.client.hasData) this.#write(this.client.take())
    this.#finish()
  }

  #finish(): void {
    const { client } = this
    if (!client.hasEnded || client.hasData) return
    const output = this.#output
    this.#output = undefined
    output?.end()
  }

  abandon(): void {
    this.#output = undefined
    this.client.stop()
  }
}

export const httpClientFamily: Family = [{ words: ['httpclient'], run: request }]

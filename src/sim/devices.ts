/** The devices of a simulated machine: what scripts find in /dev, none of it the host's. */
import type { Random } from '../engine/random.js'
import type { FileErrorCode } from '../haproxy/file-errors.js'
import type { Descriptor } from '../haproxy/files.js'

export interface DeviceOptions {
  /** what /dev/random and /dev/urandom give */
  readonly random: Random
  /** takes what is written to /dev/stdout and /dev/stderr */
  readonly write: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
}

const NOTHING = new Uint8Array(0)

/** A device; seeking in one has no effect. */
class Device implements Descriptor {
  readonly kind: Descriptor['kind'] = 'device'

  read(_length: number): Uint8Array | FileErrorCode {
    return NOTHING
  }

  write(bytes: Uint8Array): number | FileErrorCode {
    return bytes.length
  }

  seek(): number | FileErrorCode {
    return 0
  }

  close(): undefined {
    return undefined
  }
}

class Zero extends Device {
  override read(length: number): Uint8Array {
    return new Uint8Array(length)
  }
}

class Full extends Zero {
  override write(): FileErrorCode {
    return 'ENOSPC'
  }
}

class RandomDevice extends Device {
  constructor(readonly random: Random) {
    super()
  }

  override read(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.random.uint32() >>> 24
    return bytes
  }
}

/** The standard input, which is empty, or the standard output or error. */
class Standard extends Device {
  override readonly kind = 'pipe'

  constructor(readonly output?: (bytes: Uint8Array) => void) {
    super()
  }

  override write(bytes: Uint8Array): number | FileErrorCode {
    if (this.output === undefined) return 'EBADF'
    this.output(bytes)
    return bytes.length
  }

  override seek(): FileErrorCode {
    return 'ESPIPE'
  }
}

/** Opens a device by its path; undefined when there is none of that name. */
export type Devices = (path: string) => Descriptor | FileErrorCode | undefined

const STANDARD = /^\/(?:dev\/(?:std(in|out|err)|fd\/([012]))|proc\/(?:self|thread-self)\/fd\/([012]))$/

export const simulatedDevices = ({ random, write }: DeviceOptions): Devices => {
  const open: Readonly<Record<string, () => Descriptor | FileErrorCode>> = {
    '/dev/null': () => new Device(),
    '/dev/zero': () => new Zero(),
    '/dev/full': () => new Full(),
    '/dev/random': () => new RandomDevice(random),
    '/dev/urandom': () => new RandomDevice(random),
    // a service has no terminal
    '/dev/tty': () => 'ENXIO',
  }
  return (path) => {
    if (Object.hasOwn(open, path)) return open[path]!()
    const match = STANDARD.exec(path)
    if (match === null) return undefined
    switch (match[1] ?? match[2] ?? match[3]) {
      case 'in':
      case '0':
        return new Standard()
      case 'out':
      case '1':
        return new Standard((bytes) => write('stdout', bytes))
      default:
        return new Standard((bytes) => write('stderr', bytes))
    }
  }
}

/** Simulated devices in /dev. */
import type { Random } from '../engine/random.js'
import type { FileErrorCode } from '../haproxy/file-errors.js'
import type { Descriptor } from '../haproxy/files.js'

/** Options of the devices. */
export interface DeviceOptions {
  /** source of /dev/random and /dev/urandom */
  readonly random: Random
  /** receives output to /dev/stdout and /dev/stderr */
  readonly write: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
}

const EMPTY = new Uint8Array(0)

/** A device; seeking in one has no effect. */
class Device implements Descriptor {
  readonly kind: Descriptor['kind'] = 'device'

  read(_length: number): Uint8Array | FileErrorCode {
    return EMPTY
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

/** Standard input, which is empty, or standard output or error. */
class StandardStream extends Device {
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

/** Opens a device by path; undefined if there is none. */
export type Devices = (path: string) => Descriptor | FileErrorCode | undefined

const STANDARD = /^\/(?:dev\/(?:std(in|out|err)|fd\/([012]))|proc\/(?:self|thread-self)\/fd\/([012]))$/

/** Creates the devices of a machine. */
export const createDevices = ({ random, write }: DeviceOptions): Devices => {
  const open: Readonly<Record<string, () => Descriptor | FileErrorCode>> = {
    '/dev/null': () => new Device(),
    '/dev/zero': () => new Zero(),
    '/dev/full': () => new Full(),
    '/dev/random': () => new RandomDevice(random),
    '/dev/urandom': () => new RandomDevice(random),
    // a service has no controlling terminal
    '/dev/tty': () => 'ENXIO',
  }
  return (path) => {
    if (Object.hasOwn(open, path)) return open[path]!()
    const match = STANDARD.exec(path)
    if (match === null) return undefined
    switch (match[1] ?? match[2] ?? match[3]) {
      case 'in':
      case '0':
        return new StandardStream()
      case 'out':
      case '1':
        return new StandardStream((bytes) => write('stdout', bytes))
      default:
        return new StandardStream((bytes) => write('stderr', bytes))
    }
  }
}

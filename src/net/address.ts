/** HAProxy's address format, parsed and printed (str2sa_range in src/tools.c; section 11 of the configuration manual). */

export interface IpAddress {
  readonly family: 'ipv4' | 'ipv6'
  /** canonical text, without brackets */
  readonly ip: string
  /** 0 where there is none */
  readonly port: number
}

export interface PathAddress {
  /** a socket in the file system; in the abstract namespace; the same without padding */
  readonly family: 'unix' | 'abns' | 'abnsz'
  readonly path: string
}

/** An inherited descriptor. */
export interface DescriptorAddress {
  readonly family: 'fd' | 'sockpair'
  readonly fd: number
}

export type Address = IpAddress | PathAddress | DescriptorAddress

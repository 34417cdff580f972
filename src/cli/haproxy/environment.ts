/** The environment in which configurations and scripts are read. */
import { hostname } from 'node:os'
import type { Arguments } from './arguments.js'

export const environmentOf = ({ localPeer }: Pick<Arguments, 'localPeer'>): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  HAPROXY_LOCALPEER: localPeer ?? hostname(),
})

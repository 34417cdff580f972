/** Aliases of log-formats: addresses and ports, and the transport of the client's connection. */
import type { Aliases } from './alias.js'

export const ADDRESS_ALIASES: Aliases = {
  ci: (line, { source }) => line.ip(source),
  cp: (line, { source, listener }) => line.port(source, listener),
  fi: (line, { destination }) => line.ip(destination),
  fp: (line, { destination, listener }) => line.port(destination, listener),
  bi: (line, { serverSource }) => line.ip(serverSource),
  bp: (line, { serverSource }) => line.port(serverSource),
  si: (line, { serverDestination }) => line.ip(serverDestination),
  sp: (line, { serverDestination }) => line.port(serverDestination),
  sslc: (line, { tlsCipher }) => line.value(tlsCipher),
  sslv: (line, { tlsVersion }) => line.value(tlsVersion),
}

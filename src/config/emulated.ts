/** The emulated HAProxy, as described by `haproxy -vv`. */

/** Version, features and TLS library. */
export const EMULATED = {
  version: '3.2.26',
  features: [
    ...['ACCEPT4', 'BACKTRACE', 'CPU_AFFINITY', 'CRYPT_H', 'DL', 'EPOLL', 'GETADDRINFO', 'LIBCRYPT', 'LINUX_CAP'],
    ...[
      'LINUX_SPLICE',
      'LINUX_TPROXY',
      'LUA',
      'MATH',
      'NETFILTER',
      'NS',
      'OPENSSL',
      'OT',
      'PCRE2',
      'PCRE2_JIT',
      'POLL',
    ],
    ...['PRCTL', 'PROMEX', 'QUIC', 'RT', 'SLZ', 'SSL', 'TFO', 'THREAD', 'THREAD_DUMP', 'TPROXY', 'ACME'],
  ],
  /** features listed with a `-` */
  absent: [
    ...['51DEGREES', 'CLOSEFROM', 'DEVICEATLAS', 'ENGINE', 'EVPORTS', 'KQUEUE', 'LIBATOMIC', 'MEMORY_PROFILING'],
    ...['OBSOLETE_LINKER', 'OPENSSL_AWSLC', 'OPENSSL_WOLFSSL', 'PCRE', 'PCRE_JIT', 'PROCCTL', 'PTHREAD_EMULATION'],
    ...['QUIC_OPENSSL_COMPAT', 'STATIC_PCRE', 'STATIC_PCRE2', 'WURFL', 'ZLIB'],
  ],
  sslLibrary: { name: 'OpenSSL', version: '3.6.5' },
} as const

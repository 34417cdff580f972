/** What the two passes over a configuration make of the environment: what a line says may depend on lines that come later. */
import { global, listen, type Case } from './texts.js'

export const ENVIRONMENT: readonly Case[] = [
  {
    name: 'a condition that holds in the second pass only',
    text: global('.if defined(LATER)', 'foo', '.else', 'bar', '.endif', 'setenv LATER 1'),
  },
  {
    name: 'a keyword that is right in the first pass only',
    text: global(
      'setenv V 1',
      'presetenv W "${GONE-x}"',
      'setenv X "${V}"',
      'setenv Y "${KEPT-}z"',
      'unsetenv V',
      '.if defined(HAPROXY_CFGFILES)',
      'setenv',
      'unsetenv',
      'localpeer x y',
      'pidfile',
      '.endif',
    ),
  },
  {
    name: 'a broken condition in the second pass',
    text: global('.if defined(HAPROXY_CFGFILES)', '.if streq("$HAPROXY_CFGFILES",', '.endif', '.endif') + listen('foo'),
  },
  {
    name: 'a broken condition in a block that the first pass leaves out',
    text: global('.if defined(HAPROXY_CFGFILES)', 'daemon x', '.elif streq(', '.endif'),
  },
  {
    name: 'an empty word in the second pass',
    text: global('.if defined(HAPROXY_CFGFILES)', 'description "$HAPROXY_CLI"', '.endif', 'description "${UNSET}"'),
  },
  {
    name: 'the branch, the files and the local peer in conditions',
    text:
      global(
        '.if streq("$HAPROXY_BRANCH",3.2)',
        '.warning branch',
        '.endif',
        '.if streq("$HAPROXY_CFGFILES",x.cfg)',
        '.warning files',
        '.endif',
        '.if streq("$HAPROXY_LOCALPEER",joe)',
        '.warning peer',
        '.endif',
        '.if defined(HAPROXY_CLI) || defined(HAPROXY_MWORKER)',
        '.warning other',
        '.endif',
        'localpeer joe',
      ) + '.if defined(HAPROXY_TCP_LOG_FMT)\n.warning "$HAPROXY_TCP_CLF_LOG_FMT|"\n.endif\n',
  },
  {
    name: 'formats of log lines that the configuration changes',
    text: global(
      'setenv HAPROXY_HTTP_LOG_FMT mine',
      '.warning "$HAPROXY_HTTP_LOG_FMT"',
      'unsetenv HAPROXY_HTTPS_LOG_FMT',
      '.warning "${HAPROXY_HTTPS_LOG_FMT-gone}"',
      '.warning "$HAPROXY_HTTP_CLF_LOG_FMT"',
      '.if !streq("$HAPROXY_HTTP_LOG_FMT",mine)',
      'foo',
      '.endif',
    ),
  },
  {
    name: 'variables that grow with each pass',
    text: global(
      'setenv P "${P-}x"',
      '.warning "$P"',
      'resetenv P',
      'setenv Q "${HAPROXY_BRANCH-none}"',
      '.warning "$Q"',
    ),
  },
  {
    name: 'a check of a master, which has no worker then',
    text: global('master-worker', 'setenv P "${P-}x"', '.if !streq("$P",x)', 'foo', '.endif'),
  },
]

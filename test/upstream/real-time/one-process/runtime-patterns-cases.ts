/** Sessions with the runtime API about maps and ACL files. Each is independent and has a separate process. */
export const CONVERSATIONS: Readonly<Record<string, readonly string[]>> = {
  'show map and show acl list what there is, or the entries of one': [
    ...['show map', 'show acl', 'show map hosts.map', 'show map file@hosts.map', 'show map #0', 'show acl hosts.acl'],
    ...['show map nope', 'show acl hosts.map', 'show map -1', 'show map #', 'show map #x', 'show acl #4'],
  ],
  'get refuses arguments that are missing or unknown': [
    ...['get map', 'get map hosts.map', 'get map nope x', 'get acl', 'get acl nope x'],
  ],
  'get finds an entry by the match method of each expression': [
    ...['get map hosts.map a.com', 'get map hosts.map zzz', 'get map nets.map 10.1.2.3', 'get map nets.map 10.2.2.3'],
    ...['get map nets.map ::1', 'get map nets.map ::ffff:10.1.2.3', 'get map nets.map 11.9.7.9'],
    ...['get map nets.map 2001:db8::5', 'get map nets.map x', 'get acl hosts.acl one', 'get acl hosts.acl oNe2'],
    ...['get acl hosts.acl none', 'get acl #0 x'],
  ],
  'entries of a map are added, changed and deleted': [
    ...['add map hosts.map k1 v1;add map hosts.map k1 v2', 'show map hosts.map', 'set map hosts.map k1 v3'],
    ...['show map hosts.map', 'get map hosts.map k1', 'del map hosts.map k1', 'get map hosts.map k1'],
    'del map hosts.map k1',
  ],
  'keys and values of a map of addresses, numbers or texts are checked': [
    ...['add map nets.map zork v', 'add map nets.map 1.1.1.1/33 v', 'add map virt@ints a b', 'add map virt@ints a 5'],
    ...['set map virt@ints a x', 'set map virt@ints a 6', 'get map virt@ints a', 'add map virt@ips a 1.2.3.4'],
    ...['add map virt@ips b x', 'get map virt@ips a', 'add map virt@ips c ::1', 'get map virt@ips c'],
  ],
  'add refuses arguments that are missing, unknown or of the other kind': [
    ...['add map @99 hosts.map a b', 'add map hosts.map a', 'add map', 'add acl', 'add acl hosts.acl'],
    ...['add acl hosts.map x', 'add map hosts.acl a b'],
  ],
  'entries of an ACL are added and found': [
    ...['add acl virt@v.acl foo', 'get acl virt@v.acl xfooy', 'get acl virt@v.acl bar'],
  ],
  'set refuses arguments that are missing or unknown': [
    ...['set map', 'set map hosts.map', 'set map hosts.map a', 'set map nope a b', 'set map hosts.map nokey v'],
    ...['set map #99 a b', 'set map hosts.map #0x12 v', 'set map hosts.map #0xzz v'],
  ],
  'del refuses arguments that are missing, unknown or of the other kind': [
    ...['del map', 'del map hosts.map', 'del acl hosts.map a.com', 'del map hosts.acl one', 'del acl hosts.acl one'],
    ...['del acl hosts.acl zz', 'del acl hosts.acl', 'del map hosts.map #0x12', 'del map hosts.map #0xzz'],
    ...['show acl hosts.acl', 'show map'],
  ],
  'a version is prepared, filled and committed': [
    ...['prepare map', 'prepare map nope', 'prepare map hosts.map', 'add map @1 hosts.map new one'],
    ...['get map hosts.map new', 'show map @1 hosts.map', 'show map @7 hosts.map', 'commit map'],
    ...['commit map hosts.map', 'commit map @ hosts.map', 'commit map @9 hosts.map', 'commit map @1 nope'],
    ...['commit map @1 hosts.map', 'show map hosts.map', 'commit map @1 hosts.map'],
  ],
  'a later version is committed and what is older goes': [
    ...['prepare map hosts.map', 'add map @1 hosts.map new one', 'prepare map hosts.map'],
    ...['add map @2 hosts.map newer two', 'commit map @2 hosts.map', 'show map hosts.map', 'show map @1 hosts.map'],
    ...['commit map @1 hosts.map', 'show map hosts.map', 'show map', 'clear map @2 hosts.map', 'show map hosts.map'],
  ],
  'a version of an ACL is prepared and committed': [
    ...['prepare acl hosts.acl', 'add acl @1 hosts.acl foo', 'commit acl @1 hosts.acl', 'show acl hosts.acl'],
  ],
  'clear removes all entries': [
    ...['clear map', 'clear map nope', 'clear acl hosts.map', 'clear acl hosts.acl', 'show acl hosts.acl', 'show acl'],
    ...['clear map hosts.map', 'show map hosts.map'],
  ],
  'entries are added from a payload': [
    ...['add map hosts.map <<\na b\nc  d e\n\n', 'show map hosts.map', 'add map hosts.map <<\nx y\nz\n\n'],
    ...['show map hosts.map', 'add acl virt@v.acl x <<\na b\n\n', 'add map hosts.map <<END\nq r\n\nEND\n'],
    'show map hosts.map',
  ],
  'the level user may not add': ['user;show map;add map hosts.map u v'],
  'a map that is optional begins empty': [
    ...['get map none.map x', 'get map opt@none.map x', 'add map none.map /a b', 'get map none.map /abc'],
    ...['add map none.map /ab c', 'get map none.map /abc'],
  ],
  map_end: ['add map virt@ends .com c', 'get map virt@ends a.com', 'get map virt@ends com'],
  map_sub: ['add map virt@subs oo s', 'get map virt@subs foot', 'get map virt@subs fot'],
  map_dir: [
    ...['add map virt@dirs /img/ d', 'get map virt@dirs /a/img/x', 'get map virt@dirs /a/imgs/x'],
    'get map virt@dirs /img?x',
  ],
  map_dom: [
    ...['add map virt@doms .b.com. d', 'get map virt@doms a.b.com', 'get map virt@doms ab.com'],
    'get map virt@doms b.com:80',
  ],
  map_reg: ['add map virt@regs ^[ab]+[0-9]$ r', 'get map virt@regs aab1', 'get map virt@regs xaab1'],
  'map_int, with ranges': [
    ...['add map virt@ranges 1:5 low', 'add map virt@ranges 10: high', 'add map virt@ranges x y'],
    ...['add map virt@ranges 9:3 y', 'add map virt@ranges -7 z', 'get map virt@ranges 3', 'get map virt@ranges 100'],
    ...['get map virt@ranges 8', 'get map virt@ranges x', 'get map virt@ranges -100'],
  ],
}

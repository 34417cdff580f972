/** crypt(3), with hashes of the system's library. */
import { describe, expect, it } from 'vitest'
import { crypt } from '../../src/hash/crypt.js'

describe('crypt', () => {
  it.each([
    ['Hello world!', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
    [
      'Hello world!',
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    ],
    ['Hello world!', '$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA'],
    [
      'a very much longer text to encrypt. This one even stretches over more than one line.',
      '$6$rounds=1400$anotherlongsalts$uWdVSucYAak2nMPvwJTA.wR6C92NjWw6w6P5ibWGk7602MgUz7agfZjPJsfrWIGk81ctCgKJj4qEa9x3Izuck.',
    ],
    ['md', '$1$salty$7YuHJfuxh5.IxAvZWN2JE/'],
    ['', '$6$abc$mJP3a6FyA8uCnzRtlnNypPwjnvpi5TP9qOrInzrfDmwxUQG38PkpCPdqfTb8JQfAngapMxeim4AZ..hSdRRzD.'],
    ['', '$1$$qRPK7m23GJusamGpoGLby/'],
  ])('hashes %j', (password, hash) => {
    expect(crypt(password, hash)).toBe(hash)
  })

  it('raises the number of rounds to 1000', () => {
    expect(crypt('the minimum number is still observed', '$5$rounds=10$roundstoolow')).toBe(
      '$5$rounds=1000$roundstoolow$yfvwcWrQ8l/K0DAWyuPMDNHpIVlTQebY9l/gL972bIC',
    )
  })

  it('does not know the method of DES', () => {
    expect(crypt('secret', 'aaM.5wjKkZpVE')).toBeUndefined()
  })
})

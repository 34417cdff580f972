/** Network masks as arguments give them: as an address or as a number of bits (`str2mask`, `str2mask6`, src/tools.c). */
import { strtol } from '../../bytes/integers.js'
import { ipBytes, parseIp, type IpFamily } from '../../net/ip.js'

/** The bytes of the mask as a byte string; undefined if the text is not a mask. */
export const parseMask = (text: string, family: IpFamily): string | undefined => {
  if (text.includes(family === 'ipv4' ? '.' : ':')) {
    const mask = parseIp(text, family)
    return mask && String.fromCharCode(...ipBytes(mask.ip))
  }
  const { value, rest } = strtol(text)
  const size = family === 'ipv4' ? 4 : 16
  if (text === '' || rest !== '' || value < 0 || value > size * 8) return undefined
  return String.fromCharCode(
    ...Array.from({ length: size }, (_, i) => (0xff00 >> Math.min(Math.max(value - 8 * i, 0), 8)) & 0xff),
  )
}

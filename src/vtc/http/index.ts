/** The commands of clients and servers. */
import { BYTE_COMMANDS } from './bytes.js'
import { EXPECT_COMMANDS } from './expect.js'
import { RECEIVE_COMMANDS } from './receive.js'
import type { HttpSession } from './session.js'
import { TRANSMIT_COMMANDS } from './transmit.js'
import type { Commands } from '../test.js'

export const HTTP_COMMANDS: Commands<HttpSession> = {
  ...BYTE_COMMANDS,
  ...EXPECT_COMMANDS,
  ...RECEIVE_COMMANDS,
  ...TRANSMIT_COMMANDS,
}

export { acceptFrom, HttpSession, peerOf } from './session.js'
export { matches } from './expect.js'
export { hexBytes } from './bytes.js'

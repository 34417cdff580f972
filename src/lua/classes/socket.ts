/** The class Socket: TCP and UNIX connections of scripts (`hlua_socket_…` in src/hlua.c). */
import { functionTable, type FunctionTable } from '../bind.js'
import { notEmulated } from './not-yet.js'

export const SOCKET_FUNCTIONS: FunctionTable = functionTable({ tcp: (L) => notEmulated(L, 'core.tcp') })

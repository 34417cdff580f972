/** Errors of calls, whose stack traces begin where the test has made the call. */
import { CallError } from './script-calls.js'

/**
 * Runs a method; the stack traces of errors about its arguments and of what it calls do not show hapsim.
 * @param method the function that the test has called
 */
export const withCallersStack = <T>(method: (...args: never[]) => unknown, action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof RangeError || error instanceof CallError) Error.captureStackTrace(error, method)
    throw error
  }
}

/**
 * Keys of strings in the tables of Fengari's parser: its own run together for some strings with control characters. Must be
 * in place before the rest of Fengari is loaded, which takes the functions out of their module then.
 */
import lstring from 'fengari/src/lstring.js'
import { binary } from './bytes.js'

lstring.luaS_hash = (text) => `|${binary(text)}`
lstring.luaS_hashlongstr = (text) => (text.hash ??= `|${binary(text.getstr())}`)

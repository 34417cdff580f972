import { printable } from '../bytes/printable.js'

/** Text as content or attribute of HTML. Control characters, which HTML has no place for, are made visible. */
export const escapeHtml = (text: string): string => printable(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`)

import { printable } from '../bytes/printable.js'

/** Escapes text for HTML content and attributes. Control characters, which HTML cannot represent, are made printable. */
export const escapeHtml = (text: string): string => printable(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`)

/** Text as content or attribute of HTML. Control characters, which HTML has no place for, are made visible. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)

/**
 * How the lines of a text end, for an editor that splits it into lines and joins them again: a text
 * that ends its lines in several ways keeps each CR as a character of its line. Pure.
 */
export function lineSeparatorOf(text: string): '\n' | '\r\n' {
  return text.includes('\r\n') && !/(^|[^\r])\n|\r(?!\n)/.test(text) ? '\r\n' : '\n';
}

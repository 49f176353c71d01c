/** What of a clipboard goes to a terminal, and when to ask first. Pure. */

/** A text that may be pasted. */
export interface Paste {
  readonly text: string;
  readonly lineCount: number;
  /** Whether the shell would run lines of it before anyone has read them. */
  readonly needsConsent: boolean;
}

/**
 * Takes control characters out: an escape sequence in a clipboard could end a bracketed paste
 * early and have the rest run as commands.
 */
export function preparePaste(clipboard: string, isBracketed: boolean): Paste {
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  const text = clipboard.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '');
  const lineCount = text.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/).length;
  return { text, lineCount, needsConsent: !isBracketed && /[\r\n]/.test(text) };
}

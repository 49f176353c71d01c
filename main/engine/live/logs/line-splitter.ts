/**
 * Bytes of a guest as lines of a log: whole characters, bounded length, no control character but
 * those of colours. Pure.
 */
import { maxLogLineLength } from '../../../contract/logs.ts';

/** A line, or the beginning of one. */
export interface SplitLine {
  readonly text: string;
  /** It has no end of its own: it was too long, or the output ended with it. */
  readonly isOpen: boolean;
}

/** ECMA-48, 8.3.117: what sets colours. Only these of all sequences stay. */
// eslint-disable-next-line no-control-regex -- what it begins with
const sgr = /^\u001b\[[0-9;:]*m/;
/** Other sequences: CSI, OSC and other strings up to their ends (or the line's), and short ones. */
const sequence =
  // eslint-disable-next-line no-control-regex -- these characters are what is looked for
  /\u001b(?:\[[0-?]*[ -/]*[@-~]?|[\]P^_X][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~]?)/g;
/** Control characters, and those that turn the direction of a text. */
// eslint-disable-next-line no-control-regex -- as above
const control = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
/** What a line may have before it is cut: sequences that go away take room as well. */
const maxRawLength = 4 * maxLogLineLength;

/** Splits one stream. */
export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #rest = '';

  /** The lines that have come to their end with these bytes. */
  push(bytes: Uint8Array): SplitLine[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What is left when nothing follows. */
  end(): SplitLine[] {
    const lines = this.#take(this.#decoder.decode());
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? lines : [...lines, ...cut(rest, true)];
  }

  #take(text: string): SplitLine[] {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    const lines = parts.flatMap((part) => cut(part, false));
    while (this.#rest.length > maxRawLength) {
      const at = wholeCharacters(this.#rest, maxRawLength);
      lines.push(...cut(this.#rest.slice(0, at), true));
      this.#rest = this.#rest.slice(at);
    }
    return lines;
  }
}

/** What a carriage return lets begin again is gone, as on a screen; at the end it is a line's end. */
function cut(raw: string, isOpen: boolean): SplitLine[] {
  const text = cleanLine(lastWritten(raw));
  const lines: SplitLine[] = [];
  let begin = 0;
  while (text.length - begin > maxLogLineLength) {
    const end = begin + wholeCharacters(text.slice(begin), maxLogLineLength);
    lines.push({ text: text.slice(begin, end), isOpen: true });
    begin = end;
  }
  lines.push({ text: text.slice(begin), isOpen });
  return lines;
}

function lastWritten(raw: string): string {
  const line = raw.replace(/\r+$/, '');
  return line.slice(line.lastIndexOf('\r') + 1);
}

/** Text that moves no cursor, sets no title and hides nothing; a tab is one, colours stay. */
export function cleanLine(text: string): string {
  const plain = text.replace(sequence, (found) => (sgr.test(found) ? found : ''));
  return plain.replace(control, '');
}

/** Where a text is cut so that no character is: at this length, or one before. */
function wholeCharacters(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last < 0xdc00 ? length - 1 : length;
}

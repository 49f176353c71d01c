/** The output of a program as text for people: whole lines, without what would steer a terminal. */
import { StringDecoder } from 'node:string_decoder';

/** Characters of a line that may wait for its end. */
const maxWaiting = 16 * 1024;

/**
 * ECMA-48: control sequences (CSI), strings (OSC, DCS, APC, PM, SOS) with their end or without, and
 * the shorter escapes.
 */
const escapes =
  // eslint-disable-next-line no-control-regex -- control sequences are what is taken out
  /\u001b\[[0-?]*[ -/]*[@-~]?|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g;

/** C0 but for tab and line feed, DEL, C1, and what turns text around. */
// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text without terminal controls; carriage returns end a line. Pure. */
export function plainText(text: string): string {
  return (
    text
      // As many as there are, in time that grows with their number alone.
      .replace(/\r+\n?/g, '\n')
      .replace(escapes, '')
      .replace(controls, '')
  );
}

/** Takes bytes as they come and gives whole lines. */
export class OutputLines {
  readonly #emit: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #waiting = '';

  constructor(emit: (text: string) => void) {
    this.#emit = emit;
  }

  push(bytes: Uint8Array): void {
    this.#waiting += this.#decoder.write(Buffer.from(bytes));
    // A carriage return at the end may have its line feed to come.
    const beforeLast = this.#waiting.slice(0, -1).lastIndexOf('\r');
    const end = 1 + Math.max(this.#waiting.lastIndexOf('\n'), beforeLast);
    this.#give(end > 0 ? end : this.#waiting.length > maxWaiting ? this.#waiting.length : 0);
  }

  /** Gives what is left, as a line. */
  end(): void {
    this.#waiting += this.#decoder.end();
    if (this.#waiting !== '' && !this.#waiting.endsWith('\n')) this.#waiting += '\n';
    this.#give(this.#waiting.length);
  }

  #give(length: number): void {
    const text = plainText(this.#waiting.slice(0, length));
    this.#waiting = this.#waiting.slice(length);
    if (text !== '') this.#emit(text);
  }
}

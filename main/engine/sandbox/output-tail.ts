/** The last lines of a program's output, for whoever looks later, and for those who listen now. */
import { Emitter } from '../base/emitter.ts';

/** Characters that are kept. */
const maxKept = 256 * 1024;

/** Output as text; what is older than the last 256 Ki characters goes. */
export class OutputTail {
  readonly #listeners = new Emitter<string>();
  #kept = '';

  get isEmpty(): boolean {
    return this.#kept === '';
  }

  add(text: string): void {
    if (text === '') return;
    this.#kept += text;
    if (this.#kept.length > 2 * maxKept) this.#kept = `…\n${this.#kept.slice(-maxKept)}`;
    this.#listeners.emit(text);
  }

  /** Hears what is kept at once, then each addition. */
  on(listener: (text: string) => void): () => void {
    if (this.#kept !== '') listener(this.#kept);
    return this.#listeners.on(listener);
  }
}

/** What the mirror answers a program that asks its terminal, where nobody else does. */
import type { AgentSession } from '../../agent/agent.ts';

/** Answers that the guest has not taken yet; a program that asks without reading gets no more. */
const maxAnswerBytes = 4096;

/** See the head of this file. */
export class MirrorAnswers {
  /** Questions before this byte of what was handed on were answered by an earlier host process. */
  #answeredTo = 0;
  #inFlightBytes = 0;

  /** See {@link wasAnswered}. */
  skipTo(position: number): void {
    this.#answeredTo = position;
  }

  /** Whether a question at this byte of what was handed on was answered long ago. */
  wasAnswered(position: number): boolean {
    return position < this.#answeredTo;
  }

  give(text: string, session: AgentSession): void {
    const bytes = Buffer.from(text);
    if (this.#inFlightBytes + bytes.length > maxAnswerBytes) return;
    this.#inFlightBytes += bytes.length;
    session
      .write(bytes)
      .catch(() => undefined)
      .finally(() => {
        this.#inFlightBytes -= bytes.length;
      });
  }
}

/** Which program is in the foreground of a terminal: asked of the guest, of each once at a time. */
import { PendingAnswers } from './pending-answers.ts';
import type { HostMessage } from './host-messages.ts';

/** An agent of an earlier version never answers, and nobody should wait long to learn it. */
const answerTimeoutMs = 2000;

/** See the head of this file; those of one connection. */
export class ForegroundQuestions {
  readonly #timeoutMs: number;
  readonly #send: (message: HostMessage) => void;
  /** By stream. */
  readonly #answers = new PendingAnswers<number, string | undefined>();
  readonly #requests = new Map<number, Promise<string | undefined>>();

  /** @param send throws where there is no connection any more */
  constructor(timeoutMs: number, send: (message: HostMessage) => void) {
    this.#timeoutMs = Math.min(answerTimeoutMs, timeoutMs);
    this.#send = send;
  }

  /** @throws AppError `agent/timeout`, `agent/disconnected` */
  ask(stream: number): Promise<string | undefined> {
    const asked = this.#requests.get(stream);
    if (asked !== undefined) return asked;
    this.#send({ type: 'foreground', stream });
    const request = this.#answers
      .wait(stream, { what: 'say what is in the foreground', timeoutMs: this.#timeoutMs })
      .finally(() => this.#requests.delete(stream));
    this.#requests.set(stream, request);
    return request;
  }

  answer(stream: number, command: string | undefined): void {
    this.#answers.resolve(stream, command);
  }

  /** Nobody waits any more. */
  fail(error: Error): void {
    this.#answers.rejectAll(error);
  }
}

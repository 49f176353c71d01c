/** A question to the guest that has one answer, shared by all who ask while it is under way. */
import { PendingAnswers, type WaitOptions } from './pending-answers.ts';
import { SharedRequest } from './shared-request.ts';

/** How a guest is asked. */
export interface GuestQuestionOptions extends Omit<WaitOptions, 'signal'> {
  /** Sends the question; throws where there is no connection any more. */
  readonly send: () => void;
}

/** See the head of this file. */
export class GuestQuestion<T> {
  readonly #answers = new PendingAnswers<'answer', T>();
  readonly #shared: SharedRequest<T>;
  readonly #what: string;

  constructor({ send, ...wait }: GuestQuestionOptions) {
    this.#what = wait.what;
    this.#shared = new SharedRequest(() => {
      send();
      return this.#answers.wait('answer', wait);
    });
  }

  /** @throws AppError `agent/timeout` where the agent cannot tell, `operation/cancelled`, `agent/…` */
  async ask(signal?: AbortSignal): Promise<T> {
    return this.#shared.get(`The request to ${this.#what}`, signal);
  }

  /** Without anybody who waits nothing happens. */
  answer(value: T): void {
    this.#answers.resolve('answer', value);
  }

  fail(error: Error): void {
    this.#answers.rejectAll(error);
  }
}

import os from 'node:os';
import { InterruptedError } from './exit-code.ts';

const caught = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Catches the signals that end a command, so that it can put things in order first. */
export class Interrupts implements Disposable {
  /** Number of the first signal that came. */
  first: number | undefined;
  #onSignal: (signal: number) => void = () => undefined;
  readonly #listeners = new Map<NodeJS.Signals, () => void>();

  constructor() {
    for (const name of caught) {
      const listener = (): void => {
        const signal = os.constants.signals[name];
        this.first ??= signal;
        this.#onSignal(signal);
      };
      this.#listeners.set(name, listener);
      process.on(name, listener);
    }
  }

  /** Who is told of a signal from now on, and at once of one that came before. */
  handle(onSignal: (signal: number) => void): void {
    this.#onSignal = onSignal;
    if (this.first !== undefined) onSignal(this.first);
  }

  /** Signals are only kept from now on. */
  ignore(): void {
    this.#onSignal = () => undefined;
  }

  /** @throws InterruptedError where a signal came */
  throwIfInterrupted(): void {
    if (this.first !== undefined) throw new InterruptedError(this.first);
  }

  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) process.off(name, listener);
  }
}

/**
 * The changes of a guest's root as they come over a session (PROTOCOL.md, "CHANGES"). Every byte is
 * an attacker's.
 */
import type { ExitStatus } from '../../contract/session.ts';
import { AppError, cancelledError } from '../base/app-error.ts';
import type { AgentSession, ChangesOptions } from './agent.ts';
import { WorkWords } from './agent-work.ts';

/** Options of {@link readChanges}. */
export interface ReadChangesOptions extends ChangesOptions {
  /** Longest wait for the next bytes. */
  readonly idleTimeoutMs: number;
}

/**
 * The bytes of the tar; each piece is used when the next one is asked for. No more than the window
 * of the session is ever held.
 * @throws AppError `image/commit-failed`, `agent/timeout`, `agent/disconnected`, `operation/cancelled`
 */
export async function* readChanges(
  session: AgentSession,
  { signal, onLeftOut, idleTimeoutMs }: ReadChangesOptions,
): AsyncGenerator<Uint8Array> {
  const reader = new ChangesReader(session);
  const abort = (): void => {
    reader.fail(cancelledError('The reading of the changes'));
  };
  signal?.addEventListener('abort', abort);
  try {
    if (signal?.aborted === true) abort();
    for (;;) {
      const bytes = await reader.next(idleTimeoutMs);
      if (bytes === undefined) break;
      yield bytes;
      session.acknowledge(bytes.length);
    }
    if (reader.words.text !== '') onLeftOut?.(reader.words.text);
  } finally {
    signal?.removeEventListener('abort', abort);
    reader.stop();
  }
}

class ChangesReader {
  readonly words = new WorkWords();
  readonly #pieces: Uint8Array[] = [];
  readonly #detach: () => void;
  #exit: ExitStatus | undefined;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(session: AgentSession) {
    this.#detach = session.attach({
      onStdout: (bytes) => {
        this.#pieces.push(bytes);
        this.#wake();
      },
      onStderr: (bytes) => {
        this.words.hear(bytes);
        session.acknowledge(bytes.length);
      },
      onExit: (exit) => {
        this.#exit = exit;
        this.#wake();
      },
      onDisconnect: (error) => {
        this.fail(error);
      },
    });
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  stop(): void {
    this.#detach();
  }

  /** The next piece; undefined at the end of a whole tar. */
  async next(timeoutMs: number): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const piece = this.#pieces.shift();
      if (piece !== undefined) return piece;
      if (this.#exit !== undefined) {
        this.#checkEnd(this.#exit);
        return undefined;
      }
      await this.#change(timeoutMs);
    }
  }

  #checkEnd(exit: ExitStatus): void {
    if (exit.kind === 'exited' && exit.code === 0) return;
    throw new AppError(
      'image/commit-failed',
      `The guest could not read its changes: ${this.words.reason(exit)}`,
    );
  }

  async #change(timeoutMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#wake = () => {
      resolve(undefined);
    };
    const timer = setTimeout(() => {
      const seconds = String(timeoutMs / 1000);
      const message = `The guest sent nothing of its changes for ${seconds} seconds.`;
      this.fail(new AppError('agent/timeout', message));
    }, timeoutMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}

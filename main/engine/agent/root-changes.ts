/**
 * The changes of a guest's root as they come over a session (PROTOCOL.md, "CHANGES"). Every byte is
 * an attacker's.
 */
import type { ExitStatus } from '../../contract/session.ts';
import { AppError, cancelledError, isAppError } from '../base/app-error.ts';
import type { AgentSession, ChangesOptions } from './agent.ts';

/** Of what the guest says besides, the end is kept. */
const maxWordsLength = 16 * 1024;

/** Options of {@link readChanges}. */
export interface ReadChangesOptions extends ChangesOptions {
  /** Longest wait for the next bytes. */
  readonly idleTimeoutMs: number;
}

/** Says of a request for changes that could not begin what is known; of others, nothing new. */
export function changesFailed(error: unknown): unknown {
  if (!isAppError(error)) return error;
  if (error.code === 'exec/failed') return failed(error.message);
  if (error.code !== 'agent/timeout') return error;
  return new AppError(error.code, error.message, {
    hint: 'Restart the sandbox, so that it gets the agent of this version of Skerry.',
    cause: error,
  });
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
    if (reader.words !== '') onLeftOut?.(reader.words);
  } finally {
    signal?.removeEventListener('abort', abort);
    reader.stop();
  }
}

class ChangesReader {
  /** What the guest has written besides, for people. */
  words = '';
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
        this.#hear(bytes);
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
    const last = this.words.trimEnd().split('\n').at(-1) ?? '';
    const signal = exit.kind === 'signalled' ? `signal ${String(exit.signal)}` : 'no word';
    throw failed(last === '' ? signal : last);
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

  /** Lines for people: without control characters. */
  #hear(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('utf8');
    const clean = text.replace(/[^\P{Cc}\n]/gu, '\ufffd');
    this.words = (this.words + clean).slice(-maxWordsLength);
  }
}

function failed(why: string): AppError {
  return new AppError('image/commit-failed', `The guest could not read its changes: ${why}`);
}

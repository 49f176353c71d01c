/**
 * A client of the QEMU Machine Protocol over a connected stream: greeting, commands matched to
 * their answers by id, events. QEMU, docs/interop/qmp-spec.
 */
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { cancelledError } from '../../base/app-error.ts';
import { Emitter } from '../../base/emitter.ts';

/** Something that happened in the machine, as `SHUTDOWN`. */
export interface QmpEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** QEMU refused a command: `class` and `desc` are its own. */
export class QmpError extends Error {
  override readonly name = 'QmpError';
  readonly errorClass: string;

  constructor(command: string, errorClass: string, description: string) {
    super(`QEMU refused ${command}: ${description}`);
    this.errorClass = errorClass;
  }
}

/** Bounds of a connection. */
export interface QmpOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the greeting, and for each answer. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 30_000;
/** The longest answers of the commands in use have a few kilobytes. */
const maxLineBytes = 256 * 1024;
const newline = 0x0a;

const messageSchema = z.union([
  z.object({ QMP: z.object({}) }).transform(() => ({ type: 'greeting' as const })),
  z
    .object({ event: z.string(), data: z.record(z.string(), z.unknown()).default({}) })
    .transform(({ event, data }) => ({ type: 'event' as const, event, data })),
  z
    .object({
      id: z.int().optional(),
      error: z.object({ class: z.string(), desc: z.string() }),
    })
    .transform(({ id, error }) => ({ type: 'error' as const, id, error })),
  z
    .object({ id: z.int(), return: z.unknown() })
    .transform(({ id, return: value }) => ({ type: 'return' as const, id, value })),
]);

interface Waiting {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A connection that has been negotiated. */
export class QmpClient {
  /** Settles when the connection has ended, with the error where there was one. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  readonly #events = new Emitter<QmpEvent>();
  readonly #stream: Duplex;
  readonly #timeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  readonly #greeted: Promise<void>;
  #onGreeting: () => void = () => undefined;
  #lineParts: Buffer[] = [];
  #lineBytes = 0;
  #lastId = 0;
  #ended = false;

  private constructor(stream: Duplex, timeoutMs: number) {
    this.#stream = stream;
    this.#timeoutMs = timeoutMs;
    this.#greeted = new Promise((resolve) => {
      this.#onGreeting = resolve;
    });
    let failure: Error | undefined;
    this.closed = new Promise((resolve) => {
      stream.on('close', () => {
        this.#ended = true;
        for (const { reject, command } of this.#waiting.values()) {
          reject(failure ?? new Error(`The monitor closed before it answered ${command}.`));
        }
        this.#waiting.clear();
        resolve(failure);
      });
    });
    stream.on('error', (error) => {
      failure ??= error;
    });
    // A stream that only ends its writing side has nothing more to say either.
    stream.on('end', () => {
      stream.destroy();
    });
    stream.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
  }

  /** Waits for the greeting and negotiates. Closes the stream where that fails. */
  static async connect(stream: Duplex, options: QmpOptions = {}): Promise<QmpClient> {
    const client = new QmpClient(stream, options.timeoutMs ?? defaultTimeoutMs);
    try {
      await client.#bounded('greeting', client.#greeted, options.signal);
      await client.execute('qmp_capabilities', {}, options.signal);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** Calls `listener` at every event until the returned function is called. */
  onEvent(listener: (event: QmpEvent) => void): () => void {
    return this.#events.on(listener);
  }

  /** Runs a command. Rejects with QmpError where QEMU refuses it. */
  async execute(
    command: string,
    commandArguments: Readonly<Record<string, unknown>> = {},
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (this.#ended) throw new Error(`The monitor is closed; it cannot be asked to ${command}.`);
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { command, resolve, reject });
    });
    this.#stream.write(
      `${JSON.stringify({ execute: command, arguments: commandArguments, id })}\n`,
    );
    try {
      return await this.#bounded(`answer to ${command}`, answer, signal);
    } finally {
      this.#waiting.delete(id);
    }
  }

  get isClosed(): boolean {
    return this.#ended;
  }

  close(): void {
    this.#stream.destroy();
  }

  /** The work, unless the connection ends, the time is up or the signal aborts first. */
  async #bounded<T>(what: string, work: Promise<T>, signal?: AbortSignal): Promise<T> {
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    stopped.catch(() => undefined);
    work.catch(() => undefined);
    const timer = setTimeout(() => {
      reject(new Error(`The monitor gave no ${what} in ${String(this.#timeoutMs / 1000)} s.`));
    }, this.#timeoutMs);
    const abort = (): void => {
      reject(cancelledError(`Waiting for ${what}`));
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    void this.closed.then((error) => {
      reject(error ?? new Error(`The monitor closed before it gave ${what}.`));
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  #receive(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      this.#lineParts.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const line = Buffer.concat(this.#lineParts).toString('utf8').trim();
      this.#lineParts = [];
      this.#lineBytes = 0;
      if (line !== '') this.#handle(line);
    }
    this.#lineBytes += rest.length;
    if (this.#lineBytes > maxLineBytes) {
      this.#fail(`The monitor sent a line of more than ${String(maxLineBytes)} bytes.`);
    } else if (rest.length > 0) {
      this.#lineParts.push(rest);
    }
  }

  #handle(line: string): void {
    const message = parseMessage(line);
    switch (message?.type) {
      case undefined:
        this.#fail(`The monitor sent a line that is not QMP: ${line.slice(0, 200)}`);
        return;
      case 'greeting':
        this.#onGreeting();
        return;
      case 'event':
        this.#events.emit(message);
        return;
      case 'return':
        this.#waiting.get(message.id)?.resolve(message.value);
        return;
      case 'error': {
        // An error without an id answers a line that QEMU could not read at all.
        const waiting = message.id === undefined ? undefined : this.#waiting.get(message.id);
        const { class: errorClass, desc } = message.error;
        waiting?.reject(new QmpError(waiting.command, errorClass, desc));
      }
    }
  }

  #fail(message: string): void {
    this.#stream.destroy(new Error(message));
  }
}

function parseMessage(line: string): z.infer<typeof messageSchema> | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

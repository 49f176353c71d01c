/** The mirrors of all terminals, in a thread of their own. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { MirrorCall, MirrorMessage } from './mirror-messages.ts';
import { MirrorWrites } from './mirror-writes.ts';
import type { MirrorListener, TerminalSize, TerminalSnapshot } from './terminal-mirror.ts';

/** What a mirror in another thread says; in order with its snapshots. */
export interface RemoteMirrorListener extends MirrorListener {
  /** This many bytes more have been taken. */
  onParsed(byteCount: number): void;
  /** The mirror or its thread has failed: all that it knew is gone, and nothing follows. */
  onLost(error: Error): void;
}

/** A terminal's mirror; see terminal-mirror.ts. What is asked of it is done in order. */
export interface Mirror {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Calls back after everything before it, and before anything that is said of what follows it. */
  snapshot(take: (snapshot: TerminalSnapshot) => void): void;
  close(): void;
}

/** Makes mirrors. */
export interface MirrorMaker {
  open(size: TerminalSize, listener: RemoteMirrorListener): Mirror;
  close(): Promise<void>;
}

interface Opened {
  readonly listener: RemoteMirrorListener;
  readonly writes: MirrorWrites;
  readonly snapshots: ((snapshot: TerminalSnapshot) => void)[];
  /** Whether it has ever said anything. */
  hasWorked: boolean;
}

/** A hundred full terminals of a usual width; a thread that wants more is broken. */
const heapMiB = 4096;
/** Whoever loses a mirror makes another: one that never worked is not tried again at once. */
const retryMs = 1000;
const threadUrl = new URL('./mirror-worker.ts', import.meta.url);

/** See the head of this file. A thread that fails is started again with the next mirror. */
export class Mirrors implements MirrorMaker {
  readonly #logger: Logger;
  readonly #opened = new Map<number, Opened>();
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;
  readonly #thread: URL;

  /** @param thread what the thread runs; tests have one that breaks */
  constructor(logger: Logger, thread: URL = threadUrl) {
    this.#logger = logger;
    this.#thread = thread;
  }

  /** Has the thread ready before the first terminal, which would wait for it otherwise. */
  prepare(): void {
    if (!this.#isClosed) this.#worker ??= this.#start();
  }

  open(size: TerminalSize, listener: RemoteMirrorListener): Mirror {
    const worker = (this.#worker ??= this.#start());
    this.#lastId += 1;
    const mirror = this.#lastId;
    const post = (call: MirrorCall, transfer: ArrayBuffer[] = []): void => {
      if (this.#opened.get(mirror) === opened) worker.postMessage({ mirror, call }, transfer);
    };
    // The bytes are a part of what came with them: a copy of their own is handed over.
    const writes = new MirrorWrites((batch) => {
      post({ type: 'write', batch }, [batch.bytes.buffer]);
    });
    const opened: Opened = { listener, writes, snapshots: [], hasWorked: false };
    this.#opened.set(mirror, opened);
    const call = (what: MirrorCall): void => {
      writes.flush();
      post(what);
    };
    call({ type: 'open', size });
    return {
      write: (bytes) => {
        writes.write(bytes);
      },
      resize: (to) => {
        call({ type: 'resize', size: to });
      },
      snapshot: (take) => {
        opened.snapshots.push(take);
        call({ type: 'snapshot' });
      },
      close: () => {
        call({ type: 'close' });
        this.#opened.delete(mirror);
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#opened.clear();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#thread, {
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    });
    // The engine's process ends when everything else has.
    worker.unref();
    worker.on('message', (message: MirrorMessage) => {
      this.#take(message);
    });
    worker.on('error', (error: unknown) => {
      this.#onEnd(worker, error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      this.#onEnd(worker, new Error('The thread ended.'));
    });
    return worker;
  }

  #take(message: MirrorMessage): void {
    const opened = this.#opened.get(message.mirror);
    if (opened === undefined) return;
    if (message.type === 'lost') {
      this.#opened.delete(message.mirror);
      this.#logger.error('The screen of a terminal has failed.', { error: message.reason });
      this.#lose(opened, new Error(message.reason));
      return;
    }
    opened.hasWorked = true;
    switch (message.type) {
      case 'parsed':
        opened.writes.parsed(message.byteCount);
        opened.listener.onParsed(message.byteCount);
        return;
      case 'answer':
        opened.listener.onAnswer(message.text);
        return;
      case 'title':
        opened.listener.onTitle(message.title);
        return;
      case 'snapshot':
        opened.snapshots.shift()?.(message.snapshot);
    }
  }

  #onEnd(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const all = [...this.#opened.values()];
    this.#opened.clear();
    this.#logger.error('The thread of the terminals has ended.', { error: cause.message });
    for (const opened of all) this.#lose(opened, cause);
  }

  #lose({ listener, hasWorked }: Opened, cause: Error): void {
    const tell = (): void => {
      if (this.#isClosed) return;
      const what = 'The screen of a terminal was lost.';
      listener.onLost(new AppError('internal/unexpected', what, { cause }));
    };
    if (hasWorked) tell();
    else setTimeout(tell, retryMs).unref();
  }
}

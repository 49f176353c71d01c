/** A session of the fake engine: a few commands that show each way bytes, signals and ends go. */
import { sessionWindowBytes } from '../../contract/session-frames.ts';
import type { ExitStatus, Session } from '../../contract/session.ts';
import { AppError } from '../base/app-error.ts';
import type { SessionAttachment, SessionSink } from '../engine.ts';

/** What a fake command is started with. */
export interface FakeProcess {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly tty: { readonly rows: number; readonly columns: number } | undefined;
}

interface Chunk {
  readonly stream: 'onStdout' | 'onStderr';
  readonly bytes: Uint8Array;
  readonly onTaken: () => void;
}

/** As the guest's agent has it: a window for each of stdout and stderr. */
const windowBytes = 2 * sessionWindowBytes;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes that show a lost, doubled or misplaced piece: no two windows of them look alike. */
export function patternBytes(byteCount: number): Uint8Array {
  return Uint8Array.from(
    { length: byteCount },
    (_, i) => (i * 31 + (i >> 8) * 17 + (i >> 16)) & 255,
  );
}

/**
 * Commands: `cat`, `print TEXT`, `warn TEXT`, `exit CODE`, `kill SIGNAL`, `flood BYTES`, `env NAME`,
 * `pwd`, `whoami`, `size` (a line now and at each resize, ends with its input) and `wait` (for a
 * signal, and reads nothing). `missing` and `noexec` cannot be started.
 */
export class FakeSession {
  readonly info: Session;
  readonly #process: FakeProcess;
  readonly #waiting: Chunk[] = [];
  #credit = windowBytes;
  #sink: SessionSink | undefined;
  #exit: ExitStatus | undefined;

  constructor(id: string, sandbox: string, process: FakeProcess) {
    const [name = ''] = process.command;
    if (name === 'missing')
      throw new AppError('exec/not-found', `"${name}" is not in the sandbox.`);
    if (name === 'noexec')
      throw new AppError('exec/not-executable', `"${name}" cannot be executed.`);
    this.#process = process;
    this.info = {
      id,
      sandbox,
      command: [...process.command],
      tty: process.tty !== undefined,
      startedAtMs: 0,
    };
    this.#run();
  }

  attach(sink: SessionSink): SessionAttachment {
    this.#sink?.onError(
      new AppError('session/taken-over', 'Another client took the session over.'),
    );
    this.#sink = sink;
    this.#credit = windowBytes;
    this.#pump();
    return {
      write: (bytes) => this.#write(bytes),
      endInput: () => {
        if (['cat', 'size'].includes(this.#name)) this.end({ kind: 'exited', code: 0 });
      },
      resize: (rows, columns) => {
        if (this.#name === 'size') this.#print('onStdout', `${String(rows)} ${String(columns)}\n`);
      },
      setSizing: () => undefined,
      signal: (signal) => {
        this.end({ kind: 'signalled', signal });
      },
      acknowledge: (byteCount) => {
        this.#credit += byteCount;
        this.#pump();
      },
      detach: () => {
        if (this.#sink === sink) this.#sink = undefined;
      },
    };
  }

  /** Ends the command; what it wrote before still arrives. */
  end(status: ExitStatus): void {
    this.#exit ??= status;
    this.#pump();
  }

  /** Output that the client has and did not say to have used. */
  get unacknowledgedBytes(): number {
    return windowBytes - this.#credit;
  }

  /** How it ended, if it has. */
  get exit(): ExitStatus | undefined {
    return this.#exit;
  }

  get #name(): string {
    return this.#process.command[0] ?? '';
  }

  #run(): void {
    const [name, first = ''] = this.#process.command;
    const { env, workdir, user, tty } = this.#process;
    const exited = (code: number): void => {
      this.end({ kind: 'exited', code });
    };
    const printed = (text: string): void => {
      this.#print('onStdout', `${text}\n`);
      exited(0);
    };
    switch (name) {
      case 'cat':
      case 'wait':
        return;
      case 'size':
        this.#print(
          'onStdout',
          tty ? `${String(tty.rows)} ${String(tty.columns)}\n` : 'no terminal\n',
        );
        return;
      case 'print':
        printed(this.#process.command.slice(1).join(' '));
        return;
      case 'warn':
        this.#print('onStderr', `${first}\n`);
        exited(0);
        return;
      case 'exit':
        exited(Number(first));
        return;
      case 'kill':
        this.end({ kind: 'signalled', signal: Number(first) });
        return;
      case 'flood':
        void this.#write(patternBytes(Number(first))).then(() => {
          exited(0);
        });
        return;
      case 'env':
        printed(env[first] ?? '');
        return;
      case 'pwd':
        printed(workdir);
        return;
      case 'whoami':
        printed(user);
        return;
      default:
        exited(0);
    }
  }

  #print(stream: Chunk['stream'], text: string): void {
    this.#waiting.push({ stream, bytes: encode(text), onTaken: () => undefined });
    this.#pump();
  }

  #write(bytes: Uint8Array): Promise<void> {
    if (this.#name === 'wait') return new Promise(() => undefined);
    if (!['cat', 'flood'].includes(this.#name)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ stream: 'onStdout', bytes: Uint8Array.from(bytes), onTaken: resolve });
      this.#pump();
    });
  }

  #pump(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    for (;;) {
      const chunk = this.#waiting[0];
      if (chunk === undefined) break;
      const taken = chunk.bytes.subarray(0, this.#credit);
      if (taken.length === 0 && chunk.bytes.length > 0) return;
      this.#waiting.shift();
      const rest = chunk.bytes.subarray(taken.length);
      if (rest.length > 0) this.#waiting.unshift({ ...chunk, bytes: rest });
      else chunk.onTaken();
      this.#credit -= taken.length;
      sink[chunk.stream](taken);
    }
    if (this.#exit !== undefined) {
      this.#sink = undefined;
      sink.onExit(this.#exit);
    }
  }
}

/** A session of the fake engine: a few commands that show each way bytes, signals and ends go. */
import { sessionWindowBytes } from '../../contract/session-frames.ts';
import type { ExitStatus } from '../../contract/session.ts';
import type { AgentSession, AgentSessionListener } from '../agent/agent.ts';
import { AppError } from '../base/app-error.ts';

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
 * signal, and reads nothing). `missing` and `noexec` cannot be started. It is the guest's side: who
 * is attached, and to which screen, is the business of the real session directory.
 */
export class FakeSession implements AgentSession {
  readonly id: number;
  readonly startedAtMs = 0;
  readonly tellsSizes = false;
  readonly #process: FakeProcess;
  readonly #waiting: Chunk[] = [];
  #credit = windowBytes;
  #listener: AgentSessionListener | undefined;
  #exit: ExitStatus | undefined;

  constructor(id: number, process: FakeProcess) {
    const [name = ''] = process.command;
    if (name === 'missing')
      throw new AppError('exec/not-found', `"${name}" is not in the sandbox.`);
    if (name === 'noexec')
      throw new AppError('exec/not-executable', `"${name}" cannot be executed.`);
    this.id = id;
    this.#process = process;
    this.#run();
  }

  get command(): readonly string[] {
    return this.#process.command;
  }

  get tty(): boolean {
    return this.#process.tty !== undefined;
  }

  attach(listener: AgentSessionListener): () => void {
    this.#listener = listener;
    this.#credit = windowBytes;
    this.#pump();
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#name === 'wait') return new Promise(() => undefined);
    if (!['cat', 'flood'].includes(this.#name)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ stream: 'onStdout', bytes: Uint8Array.from(bytes), onTaken: resolve });
      this.#pump();
    });
  }

  endInput(): void {
    if (['cat', 'size'].includes(this.#name)) this.end({ kind: 'exited', code: 0 });
  }

  resize(rows: number, columns: number): void {
    if (this.#name === 'size') this.#print('onStdout', `${String(rows)} ${String(columns)}\n`);
  }

  signal(signal: number): void {
    this.end({ kind: 'signalled', signal });
  }

  acknowledge(byteCount: number): void {
    this.#credit += byteCount;
    this.#pump();
  }

  /** The command itself is the shell, and everything else runs in its foreground. */
  foreground(): Promise<string | undefined> {
    return Promise.resolve(this.#name === 'cat' ? undefined : this.#name);
  }

  close(): void {
    this.#listener = undefined;
    this.#exit ??= { kind: 'signalled', signal: 9 };
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
        void this.write(patternBytes(Number(first))).then(() => {
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

  #pump(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
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
      listener[chunk.stream](taken);
    }
    if (this.#exit !== undefined) {
      this.#listener = undefined;
      listener.onExit(this.#exit);
    }
  }
}

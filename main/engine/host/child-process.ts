import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cancelledError } from '../base/app-error.ts';

/** Bounds of {@link run}. */
export interface RunOptions {
  /** After this the process is killed. */
  readonly timeoutMs: number;
  /** What is kept of stdout and of stderr, each; what comes after it is dropped. */
  readonly maxOutputBytes?: number;
  readonly signal?: AbortSignal | undefined;
  /** Whole environment; this process's own by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to its stdin, which is closed then; none by default. */
  readonly input?: string;
  /** It leads a group of processes, without our terminal; whatever it started is killed with it. */
  readonly asGroup?: boolean;
}

/** How a process ended and what it said. */
export interface RunResult {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const defaultMaxOutputBytes = 256 * 1024;

/**
 * Runs a program to its end, without a shell. An exit code is a result, not an
 * error. Rejects where the program cannot be started (`code` is the system's, as `ENOENT`) and
 * with `operation/cancelled` where the signal aborts; the process has ended then.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const isAborted = (): boolean => options.signal?.aborted === true;
  if (isAborted()) throw cancelledError(command);
  const maxBytes = options.maxOutputBytes ?? defaultMaxOutputBytes;
  const { asGroup = false } = options;
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    detached: asGroup,
  });
  // A program may end, or never have begun, without reading what it is told.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const stdout = collect(child.stdout, maxBytes);
  const stderr = collect(child.stderr, maxBytes);
  let timedOut = false;
  const abort = (): void => {
    kill(child, asGroup);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    abort();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const exitCode = await new Promise<number | undefined>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        resolve(code ?? undefined);
      });
    });
    if (isAborted()) throw cancelledError(command);
    return { exitCode, timedOut, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

function kill(child: ChildProcessWithoutNullStreams, asGroup: boolean): void {
  if (!asGroup) {
    child.kill('SIGKILL');
    return;
  }
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  // The id of a group whose leader was waited for may be another's by now.
  if (child.pid !== undefined && !hasEnded) process.kill(-child.pid, 'SIGKILL');
  // What it left behind may hold the pipes open; that is not waited for.
  child.stdout.destroy();
  child.stderr.destroy();
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, maxBytes - length);
    if (kept.length === 0) return;
    chunks.push(kept);
    length += kept.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

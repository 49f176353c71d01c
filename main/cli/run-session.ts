import type { HostClient } from '../server/client/host-client.ts';
import { SessionClient } from '../server/client/session-client.ts';
import { DetachKeys } from './detach-keys.ts';
import { exitCodeOfStatus, InterruptedError } from './exit-code.ts';
import type { Interrupts } from './interrupts.ts';
import { write } from './output.ts';

/** Signals after which the command waits no longer for the one in the sandbox. */
const patience = 3;
const sigpipe = 13;

/** Rows and columns as a session takes them. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** Whether a person sits in front of both ends. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** The size of our terminal, or the usual one where there is none. */
export function terminalSize(): TerminalSize {
  const clamp = (value: number | undefined, fallback: number): number =>
    value === undefined || value < 1 ? fallback : Math.min(value, 1000);
  return { rows: clamp(process.stdout.rows, 24), columns: clamp(process.stdout.columns, 80) };
}

/** How a session is joined. */
export interface RunOptions {
  /** It was there before: its screen takes the place of what ours shows, and Ctrl+P Ctrl+Q leaves it. */
  readonly isOld?: boolean;
}

/** All attributes off, the cursor in the corner, the screen empty (ECMA-48). */
const emptyScreen = '\x1b[0m\x1b[H\x1b[2J';

/**
 * Joins our stdin, stdout and stderr to a session, byte for byte, until it ends.
 * @returns what to exit with
 */
export async function runSession(
  host: HostClient,
  session: { readonly id: string; readonly tty: boolean },
  interrupts: Interrupts,
  how: RunOptions = {},
): Promise<number> {
  const channel = await host.openSession(session.id);
  const use = (stream: NodeJS.WritableStream, bytes: Uint8Array): Promise<void> =>
    // As the command would be told if the pipe were its own. What it writes before it ends is read,
    // so that the guest need not keep it.
    write(stream, bytes).catch(() => {
      client.signal(sigpipe);
    });
  let screens = how.isOld === true ? 1 : 0;
  const client = new SessionClient(channel, {
    onScreen: () => {
      if (screens > 0 && process.stdout.isTTY) void use(process.stdout, Buffer.from(emptyScreen));
      screens += 1;
    },
    onStdout: (bytes) => use(process.stdout, bytes),
    onStderr: (bytes) => use(process.stderr, bytes),
  });
  const gaveUp = forwardSignals(client, interrupts);
  const left = Promise.withResolvers<number>();
  const releaseInput = forwardInput(client, how.isOld === true ? left.resolve : undefined);
  const releaseTerminal = session.tty ? takeTerminal(client) : undefined;
  try {
    return await Promise.race([client.exit.then(exitCodeOfStatus), gaveUp, left.promise]);
  } finally {
    releaseTerminal?.();
    releaseInput();
    interrupts.ignore();
    client.close();
  }
}

function forwardSignals(client: SessionClient, interrupts: Interrupts): Promise<never> {
  return new Promise((_, reject) => {
    let count = 0;
    interrupts.handle((signal) => {
      count += 1;
      if (count < patience) client.signal(signal);
      else reject(new InterruptedError(signal));
    });
  });
}

/** Reads no faster than the sandbox does. With `leave`, the keys for that are looked for. */
function forwardInput(client: SessionClient, leave?: (exitCode: number) => void): () => void {
  const { stdin } = process;
  const keys = leave === undefined ? undefined : new DetachKeys();
  const onData = (typed: Buffer): void => {
    stdin.pause();
    const { bytes, isDetaching } = keys?.push(typed) ?? { bytes: typed, isDetaching: false };
    if (isDetaching) leave?.(0);
    void client.write(bytes).then((isOpen) => {
      if (isOpen) stdin.resume();
    });
  };
  const onEnd = (): void => {
    client.endInput();
  };
  stdin.on('data', onData);
  stdin.once('end', onEnd);
  // A terminal that is gone reads as an error; for the session it is the end of its input.
  stdin.once('error', onEnd);
  return () => {
    stdin.off('data', onData);
    stdin.off('end', onEnd);
    stdin.pause();
  };
}

/** Raw mode and sizes; the terminal is given back however the command ends. */
function takeTerminal(client: SessionClient): () => void {
  const { stdin, stdout } = process;
  const isRaw = stdin.isTTY;
  const restore = (): void => {
    if (isRaw) stdin.setRawMode(false);
  };
  const onResize = (): void => {
    const { rows, columns } = terminalSize();
    client.resize(rows, columns);
  };
  if (isRaw) stdin.setRawMode(true);
  // The size counts among those of other clients once it was said.
  if (stdout.isTTY) onResize();
  process.once('exit', restore);
  stdout.on('resize', onResize);
  return () => {
    restore();
    process.off('exit', restore);
    stdout.off('resize', onResize);
  };
}

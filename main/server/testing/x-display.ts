/** An X server without a screen, for as long as a test runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

/** See {@link startDisplay}. */
export interface Display extends AsyncDisposable {
  /** For `DISPLAY`. */
  readonly name: string;
}

/** Descriptor at which the server says the number that it took. */
const displayFd = 3;

/** Starts Xvfb on a display that nobody has. */
export async function startDisplay(): Promise<Display> {
  const args = ['-displayfd', String(displayFd), '-screen', '0', '1024x768x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdio[displayFd] as Readable })) {
    return {
      name: `:${line.trim()}`,
      [Symbol.asyncDispose]: async () => {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error('Xvfb ended before it had a display.');
}

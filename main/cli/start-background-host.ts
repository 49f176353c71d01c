import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SkerryPaths } from '../engine/index.ts';
import type { ErrorData } from '../contract/error.ts';
import { isErrorData } from '../contract/is-error-data.ts';
import { ClientError, clientError } from '../server/client/client-error.ts';

/** What `skerry serve --ready-fd` writes, once, when it serves or when it cannot. */
export type ReadyMessage = { readonly socket: string } | { readonly error: ErrorData };

/** Descriptor that the child finds its end of the pipe at. */
const readyFd = 3;
/** Lines of the child's last words that an error shows. */
const tailLines = 5;

/**
 * Starts `skerry serve` apart from this terminal and resolves with its socket when it serves.
 * Where another one was quicker, its socket does as well.
 * @throws ClientError why it could not be started
 */
export async function startBackgroundHost(
  { stateDir, cacheDir }: Pick<SkerryPaths, 'stateDir' | 'cacheDir'>,
  main = path.join(import.meta.dirname, 'main.ts'),
): Promise<string> {
  const logDir = path.join(stateDir, 'logs');
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const outputFile = path.join(logDir, 'host-output.log');
  const earlierBytes = statSync(outputFile, { throwIfNoEntry: false })?.size ?? 0;
  const output = openSync(outputFile, 'a', 0o600);
  const child = spawn(
    process.execPath,
    [main, 'serve', '--background', '--ready-fd', String(readyFd)],
    {
      detached: true,
      // It must not hold the directory that the user happens to be in; what was named from there
      // is named in full.
      cwd: '/',
      env: {
        ...process.env,
        ...(process.env['SKERRY_HOME'] && { SKERRY_HOME: stateDir }),
        ...(process.env['SKERRY_CACHE'] && { SKERRY_CACHE: cacheDir }),
      },
      stdio: ['ignore', output, output, 'pipe'],
    },
  );
  closeSync(output);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => {
      reject(clientError('host/unreachable', `The host process did not start: ${error.message}.`));
    });
  });
  const ready = await Promise.race([text(child.stdio[readyFd] as Readable), failed]);
  child.unref();
  const message = parseReady(ready);
  if (message === undefined) {
    const words = readFileSync(outputFile).subarray(earlierBytes).toString().trimEnd();
    const tail = words.split('\n').slice(-tailLines);
    throw clientError(
      'host/unreachable',
      `The host process ended before it served. Its last words, of ${outputFile}: ${tail.join(' | ')}`,
    );
  }
  if ('socket' in message) return message.socket;
  const { code, details } = message.error;
  const socket = details?.['socket'];
  if (code === 'host/already-running' && typeof socket === 'string') return socket;
  throw new ClientError(message.error);
}

function parseReady(line: string): ReadyMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  if ('socket' in message && typeof message.socket === 'string') return { socket: message.socket };
  return 'error' in message && isErrorData(message.error) ? { error: message.error } : undefined;
}

/** Runs the tools that make the guest assets, each to its end. */
import { spawn } from 'node:child_process';

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Called for each whole line of what it prints. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A command that could not be run or did not succeed; the message ends with what it said. */
class CommandError extends Error {
  override readonly name = 'CommandError';
}

const keptOutputBytes = 16 * 1024 * 1024;

/** Runs a command and returns what it printed. @throws CommandError */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      // Output is read by programs here, so it must not be translated.
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    let stdout = '';
    let stderr = '';
    let unfinishedLine = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < keptOutputBytes) stdout += text;
      if (options.onLine === undefined) return;
      const lines = (unfinishedLine + text).split('\n');
      unfinishedLine = lines.pop() ?? '';
      lines.forEach(options.onLine);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptOutputBytes);
    });
    const name = [command, ...args].join(' ');
    child.on('error', (error) => {
      reject(new CommandError(`\`${name}\` could not be run: ${error.message}`, { cause: error }));
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(stdout);
      else {
        const how = killedBy ?? `code ${String(code)}`;
        reject(new CommandError(`\`${name}\` ended with ${how}.\n${stderr.trim()}`));
      }
    });
  });
}

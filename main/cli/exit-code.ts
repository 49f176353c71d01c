/** What the command exits with, and why it failed. */
import type { ErrorCode } from '../contract/error-codes.ts';
import type { ExitStatus } from '../contract/session.ts';
import { toClientError } from '../server/client/client-error.ts';

/** Exit code of a command line that makes no sense. */
export const usageExitCode = 2;

/** A command line that makes no sense, with what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The user ended the command by a signal; there is nothing to explain. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly signal: number;

  constructor(signal: number) {
    super('The command was interrupted.');
    this.signal = signal;
  }
}

/** As shells do it: a signal adds 128. POSIX.1-2017, Shell Command Language, 2.8.2. */
export function exitCodeOfStatus(status: ExitStatus): number {
  return status.kind === 'exited' ? status.code & 255 : 128 + status.signal;
}

/** As shells do it: 127 for a command that is not there, 126 for one that cannot be executed. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof UsageError) return usageExitCode;
  if (error instanceof InterruptedError) return 128 + error.signal;
  if (isBrokenPipe(error)) return 141;
  const codes: Partial<Record<ErrorCode, number>> = {
    'exec/not-found': 127,
    'exec/not-executable': 126,
  };
  return codes[toClientError(error).data.code] ?? 1;
}

/** Whether whoever read our output has gone, which is no error of ours. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

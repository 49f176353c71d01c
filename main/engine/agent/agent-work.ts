/**
 * Work of the guest that is no command: what it says besides its answer, and why it cannot begin.
 */
import type { ErrorCode } from '../../contract/error-codes.ts';
import type { ExitStatus } from '../../contract/session.ts';
import { AppError, isAppError } from '../base/app-error.ts';

/** Of what the guest says besides, the end is kept. */
const maxWordsLength = 16 * 1024;

/** Lines that the guest writes for people; every byte is an attacker's. */
export class WorkWords {
  text = '';

  /** Takes more of them, without control characters and those that turn the direction of a text. */
  hear(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('utf8');
    const clean = text.replace(/[^\P{Cc}\n]|\p{Bidi_Control}/gu, '\ufffd');
    this.text = (this.text + clean).slice(-maxWordsLength);
  }

  /** The last line, or what else is known of an end that was no success. */
  reason(exit: ExitStatus): string {
    const last = this.text.trimEnd().split('\n').at(-1) ?? '';
    if (last !== '') return last;
    return exit.kind === 'signalled' ? `signal ${String(exit.signal)}` : 'no word';
  }
}

/** Says of a request that could not begin what is known; of others, nothing new. */
export function cannotBegin(error: unknown, code: ErrorCode): unknown {
  if (!isAppError(error)) return error;
  if (error.code === 'exec/failed') {
    const what = code === 'image/commit-failed' ? 'read its changes' : 'begin to work on files';
    return new AppError(code, `The guest could not ${what}: ${error.message}`);
  }
  if (error.code !== 'agent/timeout') return error;
  return new AppError(error.code, error.message, {
    hint: 'Restart the sandbox, so that it gets the agent of this version of Skerry.',
    cause: error,
  });
}

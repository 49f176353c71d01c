/** Why work on files of the guest has failed, by its exit code (PROTOCOL.md, "FILES"). Pure. */
import type { ErrorCode } from '../../contract/error-codes.ts';
import type { ExitStatus } from '../../contract/session.ts';
import { AppError } from '../base/app-error.ts';
import type { FilesRequest } from './agent.ts';
import type { WorkWords } from './agent-work.ts';

/** Numbers of Linux (asm-generic/errno-base.h, errno.h), and the agent's own from 200 on. */
const codes: Readonly<Record<number, ErrorCode>> = {
  1: 'file/denied', // EPERM
  2: 'file/not-found', // ENOENT
  13: 'file/denied', // EACCES
  17: 'file/exists', // EEXIST
  20: 'file/wrong-kind', // ENOTDIR
  21: 'file/wrong-kind', // EISDIR
  28: 'file/no-space', // ENOSPC
  30: 'file/denied', // EROFS
  39: 'file/not-empty', // ENOTEMPTY
  122: 'file/no-space', // EDQUOT
  200: 'file/changed',
  201: 'file/archive-invalid',
};
const efbig = 27;
const eopnotsupp = 95;

/** The error of an end that was no success; its message is what the guest said last. */
export function filesError(
  action: FilesRequest['action'],
  exit: ExitStatus,
  words: WorkWords,
): AppError {
  const reason = words.reason(exit);
  return new AppError(codeOf(action, exit), /[.!?]$/.test(reason) ? reason : `${reason}.`);
}

function codeOf(action: FilesRequest['action'], exit: ExitStatus): ErrorCode {
  if (exit.kind !== 'exited') return 'file/failed';
  if (exit.code === efbig && action === 'read') return 'file/too-large';
  // A device, a pipe or a socket has no text.
  if (exit.code === eopnotsupp && action !== 'changes') return 'file/wrong-kind';
  return codes[exit.code] ?? 'file/failed';
}

import type { ExitStatus } from '../../../main/contract/session.ts';

/** Names of the signals that end a shell in practice; numbers of Linux. */
const signalNames: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/** How a shell ended, in one sentence. */
export function formatExitStatus(status: ExitStatus): string {
  if (status.kind === 'exited') return `The shell ended with exit code ${String(status.code)}.`;
  const name = signalNames[status.signal];
  const number = String(status.signal);
  return `The shell was ended by signal ${name === undefined ? number : `${number} (${name})`}.`;
}

import type { ExitStatus } from '../../../../main/contract/session.ts';
import { translate } from '../../../words/language.ts';

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
  if (status.kind === 'exited') return translate('terminals:status.exited', { code: status.code });
  const name = signalNames[status.signal];
  const number = String(status.signal);
  const signal = name === undefined ? number : `${number} (${name})`;
  return translate('terminals:status.signalled', { signal });
}

import type { ExitStatus } from '../../../../main/contract/session.ts';
import { signalName } from '../../../ui/signal-names.ts';
import { translate } from '../../../words/language.ts';

/** How a shell ended, in one sentence. */
export function formatExitStatus(status: ExitStatus): string {
  if (status.kind === 'exited') return translate('terminals:status.exited', { code: status.code });
  const name = signalName(status.signal);
  const number = String(status.signal);
  const signal = name === undefined ? number : `${number} (${name})`;
  return translate('terminals:status.signalled', { signal });
}

import { Circle, CircleCheck, CircleDashed, CircleX, Unplug, type LucideIcon } from 'lucide-react';
import { translate } from '../../../words/language.ts';
import { hasEnded, type TerminalPhase, type Terminal } from '../model/terminal.ts';

/** Where a terminal stands, as a shape beside its name; the words are in the tooltip. */
export function TerminalStateMark({ phase }: { readonly phase: TerminalPhase }) {
  const { icon: Icon, kind } = markOf(phase);
  return <Icon className={`icon terminal-mark terminal-mark-${kind}`} aria-hidden />;
}

function markOf(phase: TerminalPhase): { readonly icon: LucideIcon; readonly kind: string } {
  switch (phase.kind) {
    case 'open':
      return { icon: Circle, kind: 'runs' };
    case 'opening':
      return { icon: CircleDashed, kind: 'quiet' };
    case 'lost':
      return { icon: Unplug, kind: 'warn' };
    case 'gone':
      return { icon: Unplug, kind: 'quiet' };
    case 'failed':
      return { icon: CircleX, kind: 'error' };
    case 'exited': {
      const isWell = phase.status.kind === 'exited' && phase.status.code === 0;
      return isWell ? { icon: CircleCheck, kind: 'quiet' } : { icon: CircleX, kind: 'error' };
    }
  }
}

/** Where a terminal stands, in words. */
export function wordsOfPhase(phase: TerminalPhase): string {
  switch (phase.kind) {
    case 'open':
      return translate('terminals:tab.runs');
    case 'opening':
      return translate('terminals:tab.opens');
    case 'lost':
      return translate('terminals:tab.lost');
    case 'gone':
      return translate('terminals:tab.gone');
    case 'failed':
      return translate('terminals:tab.failed');
    case 'exited': {
      const { status } = phase;
      if (status.kind === 'signalled') {
        return translate('terminals:tab.endedBySignal', { signal: status.signal });
      }
      return status.code === 0
        ? translate('terminals:tab.endedWell')
        : translate('terminals:tab.endedBadly', { code: status.code });
    }
  }
}

/** For those who do not see the mark: that a terminal has ended. */
export function EndedRemark({ terminal }: { readonly terminal: Terminal }) {
  if (!hasEnded(terminal)) return null;
  return <span className="visually-hidden"> {translate('terminals:tab.ended')}</span>;
}

import { Moon, Pause, StepForward } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../../ui/button.tsx';
import { liveTerminals } from '../live-terminals.ts';
import type { Terminal } from '../model/terminal.ts';
import { standstillStore, type Standstill } from '../standstill.ts';

/** How the sandbox of a terminal stands still, unless its shell has ended anyway. */
export function useStandstill(terminal: Terminal | undefined): Standstill | undefined {
  const standstill = useStore(standstillStore, ({ byName }) => byName[terminal?.sandbox ?? '']);
  return terminal?.phase.kind === 'exited' ? undefined : standstill;
}

/** Below the screen: why nothing answers, what becomes of what is typed, and the way on. */
export function TerminalStandstill(props: {
  readonly terminal: Terminal;
  readonly standstill: Standstill;
}) {
  const { terminal, standstill } = props;
  const { id, sandbox } = terminal;
  const { t } = useTranslation('terminals');
  const onGoOn = useStore(standstillStore, (state) => state.onGoOn);
  const Icon = standstill === 'paused' ? Pause : Moon;
  return (
    <div className="terminal-status terminal-standstill" role="status">
      <Icon className="icon" aria-hidden />
      <p>{t(`standstill.${standstill}`, { sandbox })}</p>
      {standstill !== 'suspending' && (
        <Button
          icon={StepForward}
          onClick={() => {
            onGoOn(sandbox);
            liveTerminals.get(id)?.screen.focus();
          }}
        >
          {t('standstill.resume')}
        </Button>
      )}
    </div>
  );
}

import { RotateCw, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../bridge/bridge-error.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy.tsx';
import { closeTerminals } from '../close-terminals.ts';
import { hasEnded, type Terminal } from '../model/terminal.ts';
import { reattachTerminal, restartTerminal } from '../terminal-store.ts';
import { formatExitStatus } from './exit-status.ts';

/** Below the screen: that a shell is starting, how it ended, what was lost, and the way on. */
export function TerminalStatus(props: {
  readonly terminal: Terminal;
  readonly isFocused: boolean;
}) {
  const { terminal, isFocused } = props;
  const { id, phase, sandbox } = terminal;
  const { t } = useTranslation('terminals');
  const element = useRef<HTMLDivElement>(null);
  const isEnded = hasEnded(terminal);
  useEffect(() => {
    const place = element.current?.closest('.terminal');
    if (!isEnded || place === null || place === undefined) return;
    // Keys into a shell that has ended go nowhere, so that Enter is free for the way on.
    const onKeyDown = (event: Event) => {
      const { target } = event;
      if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.repeat) return;
      if (!(target instanceof Element) || target.closest('.xterm') === null) return;
      event.preventDefault();
      event.stopPropagation();
      restartTerminal(id);
    };
    place.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      place.removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, [isEnded, id]);

  switch (phase.kind) {
    case 'open':
      return null;
    case 'opening':
      return (
        <p className="terminal-status quiet" role="status">
          {t('status.opening', { sandbox })}
        </p>
      );
    case 'lost':
      return (
        <p className="terminal-status" role="status">
          {t('status.lost')}
        </p>
      );
    case 'gone':
      return (
        <div ref={element} className="terminal-status" role="status">
          <p>{t('status.gone')}</p>
          <EndButtons id={id} isFocused={isFocused} />
        </div>
      );
    case 'exited':
      return (
        <div ref={element} className="terminal-status" role="status">
          <p>{formatExitStatus(phase.status)}</p>
          <EndButtons id={id} isFocused={isFocused} />
        </div>
      );
    case 'failed': {
      const { title, code, message, hint, report } = describeError(phase.error);
      return (
        <div ref={element} className="terminal-status terminal-status-error" role="alert">
          <p>
            <strong>{title}</strong> <code>{code}</code>
            <br />
            {message} → {hint}
          </p>
          {code === 'session/taken-over' && (
            <Button
              onClick={() => {
                reattachTerminal(id);
              }}
            >
              {t('status.attachAgain')}
            </Button>
          )}
          <CopyButton text={report} label={t('status.copyReport')} />
          <EndButtons id={id} isFocused={isFocused} />
        </div>
      );
    }
  }
}

function EndButtons({ id, isFocused }: { readonly id: string; readonly isFocused: boolean }) {
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  return (
    <>
      {isFocused && <span className="quiet terminal-hint">{t('status.restartHint')}</span>}
      <Button
        icon={RotateCw}
        onClick={() => {
          restartTerminal(id);
        }}
      >
        {t('status.restart')}
      </Button>
      <Button
        icon={X}
        onClick={() => {
          closeTerminals(client, [id]);
        }}
      >
        {t('status.close')}
      </Button>
    </>
  );
}

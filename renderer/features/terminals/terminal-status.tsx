import { RotateCw, X } from 'lucide-react';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { formatExitStatus } from './exit-status.ts';
import { closeTerminal } from './live-sessions.ts';
import {
  reattachTerminal,
  restartTerminal,
  updateTerminal,
  type TerminalTab,
} from './terminal-store.ts';

/** Below the screen: that a shell is starting, how it ended, what was lost, and the way on. */
export function TerminalStatus({ tab }: { readonly tab: TerminalTab }) {
  const { id, phase, notice, sandbox } = tab;
  if (notice !== undefined) {
    return (
      <div className="terminal-status" role="status">
        <p>{notice}</p>
        <IconButton
          icon={X}
          label="Dismiss"
          onClick={() => {
            updateTerminal(id, { notice: undefined });
          }}
        />
      </div>
    );
  }
  switch (phase.kind) {
    case 'open':
      return null;
    case 'opening':
      return (
        <p className="terminal-status quiet" role="status">
          Opening a terminal in {sandbox}…
        </p>
      );
    case 'lost':
      return (
        <p className="terminal-status" role="status">
          The host process is away. The command goes on in the sandbox; the terminal is attached to
          it again as soon as the host process answers.
        </p>
      );
    case 'exited':
      return (
        <div className="terminal-status" role="status">
          <p>{formatExitStatus(phase.status)}</p>
          <EndButtons id={id} />
        </div>
      );
    case 'failed': {
      const { title, code, message, hint, report } = describeError(phase.error);
      return (
        <div className="terminal-status terminal-status-error" role="alert">
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
              Attach again
            </Button>
          )}
          <CopyButton text={report} label="Copy report" />
          <EndButtons id={id} />
        </div>
      );
    }
  }
}

function EndButtons({ id }: { readonly id: string }) {
  return (
    <>
      <Button
        icon={RotateCw}
        onClick={() => {
          restartTerminal(id);
        }}
      >
        Restart
      </Button>
      <Button
        icon={X}
        onClick={() => {
          closeTerminal(id);
        }}
      >
        Close
      </Button>
    </>
  );
}

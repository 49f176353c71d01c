import { Radio, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { requestClose } from '../close-terminals.ts';
import { titleOf, type Terminal } from '../model/terminal.ts';
import { EndedRemark, TerminalStateMark } from '../panel/state-mark.tsx';
import { keysOf } from './menu-item.tsx';

/** Above a terminal that shares its tab: which one it is. */
export function TerminalHeader(props: {
  readonly terminal: Terminal;
  readonly isBroadcasting: boolean;
}) {
  const { terminal, isBroadcasting } = props;
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  const title = titleOf(terminal);
  return (
    <div className="terminal-header">
      <TerminalStateMark phase={terminal.phase} />
      <span className="terminal-header-title">
        {title}
        <EndedRemark terminal={terminal} />
      </span>
      {isBroadcasting && (
        <span className="terminal-broadcast" title={t('notice.broadcast')}>
          <Radio className="icon" aria-hidden />
          <span className="terminal-broadcast-words">{t('notice.broadcast')}</span>
        </span>
      )}
      <IconButton
        className="terminal-header-close"
        icon={X}
        label={t('tab.closeNamed', { title })}
        shortcut={keysOf('close-terminal')}
        onClick={() => void requestClose(client, [terminal.id])}
      />
    </div>
  );
}

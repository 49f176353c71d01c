import { Menu } from '@base-ui/react/menu';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../../main/contract/session.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import type { SkerryClient } from '../../../bridge/connection.ts';
import { IconButton } from '../../../ui/button.tsx';
import { openLayer } from '../../../ui/layer.ts';
import { useMenuFocus } from '../../../ui/use-menu-focus.ts';
import { openTerminal, terminalStore } from '../terminal-store.ts';
import { cleanTitle } from '../screen/program-title.ts';
import { keysOf } from '../view/menu-item.tsx';

/** A sandbox in which a terminal can be opened. */
export interface TerminalTarget {
  readonly name: string;
  readonly shell: string;
}

/** Sandboxes that are asked what runs in them; a machine carries fewer. */
const maxAsked = 100;

/** A new terminal in any running sandbox, or one that runs and that this window does not show. */
export function NewTerminalMenu({ targets }: { readonly targets: readonly TerminalTarget[] }) {
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  const [running, setRunning] = useState<readonly Session[]>([]);
  const { onOpenChange, finalFocus } = useMenuFocus();
  return (
    <Menu.Root
      onOpenChange={(isOpen, details) => {
        onOpenChange(isOpen, details);
        if (isOpen) void findSessions(client, targets).then(setRunning);
      }}
    >
      <Menu.Trigger
        render={<IconButton icon={Plus} label={t('panel.new')} shortcut={keysOf('new-terminal')} />}
      />
      <Menu.Portal container={openLayer()}>
        <Menu.Positioner className="layer" align="end" sideOffset={4}>
          <Menu.Popup className="menu" finalFocus={finalFocus}>
            <Menu.Group>
              <Menu.GroupLabel className="menu-label">{t('panel.newIn')}</Menu.GroupLabel>
              {targets.length === 0 && (
                <Menu.Item className="menu-item" disabled>
                  {t('panel.noSandbox')}
                </Menu.Item>
              )}
              {targets.map(({ name, shell }) => (
                <Menu.Item
                  key={name}
                  className="menu-item"
                  onClick={() => {
                    openTerminal({ sandbox: name, shell }, true);
                  }}
                >
                  {name}
                  <span className="menu-remark mono">{shell}</span>
                </Menu.Item>
              ))}
            </Menu.Group>
            {running.length > 0 && (
              <Menu.Group>
                <Menu.Separator className="menu-separator" />
                <Menu.GroupLabel className="menu-label">{t('panel.running')}</Menu.GroupLabel>
                {running.map((session) => (
                  <Menu.Item
                    key={session.id}
                    className="menu-item"
                    onClick={() => {
                      openTerminal(
                        {
                          sandbox: session.sandbox,
                          shell: commandOf(session),
                          sessionId: session.id,
                        },
                        true,
                      );
                    }}
                  >
                    {session.sandbox}
                    <span className="menu-remark mono">{nameOf(session)}</span>
                  </Menu.Item>
                ))}
              </Menu.Group>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function commandOf({ command, shell }: Session): string {
  return shell?.path ?? cleanTitle(command.join(' ')) ?? 'sh';
}

function nameOf(session: Session): string {
  return (
    (session.title === undefined ? undefined : cleanTitle(session.title)) ?? commandOf(session)
  );
}

/** Terminals of these sandboxes that this window does not show, as far as the host process says. */
async function findSessions(
  client: SkerryClient,
  targets: readonly TerminalTarget[],
): Promise<readonly Session[]> {
  const lists = await Promise.all(
    targets
      .slice(0, maxAsked)
      .map(({ name }) => client.sandboxes.sessions({ name }).catch((): Session[] => [])),
  );
  const shown = new Set(
    Object.values(terminalStore.getState().terminals).map(({ sessionId }) => sessionId),
  );
  return lists
    .flat()
    .filter(
      ({ id, tty, exit, endedAtMs }) =>
        tty && exit === undefined && endedAtMs === undefined && !shown.has(id),
    );
}

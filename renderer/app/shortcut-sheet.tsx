import { Dialog } from '@base-ui/react/dialog';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../bridge/bridge-context.tsx';
import { fileKeys } from '../features/files/file-keys.ts';
import { logKeys } from '../features/logs/log-keys.ts';
import { settingsStore } from '../features/settings/settings-store.ts';
import { Button } from '../ui/button.tsx';
import { Keys } from '../ui/keys.tsx';
import { windowCommands } from './commands/all-commands.ts';
import { commandGroups } from './commands/command.ts';
import { overlayStore } from './commands/overlay-store.ts';
import { isPlain } from './commands/shortcut.ts';
import { shownKeys } from './commands/shown-keys.ts';
import { terminalKeys } from './commands/terminal-commands.ts';
import '../ui/dialog.css';
import './command-palette.css';

const fileActions = Object.keys(fileKeys) as (keyof typeof fileKeys)[];

/** Every shortcut, by what it is for. */
export function ShortcutSheet() {
  const { t } = useTranslation('app');
  const isOpen = useStore(overlayStore, ({ open }) => open === 'shortcuts');
  const title = useRef<HTMLHeadingElement>(null);
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        overlayStore.setState({ open: open ? 'shortcuts' : undefined });
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog shortcuts" initialFocus={title}>
          {/* Not the button at the end, which would bring the end into sight. */}
          <Dialog.Title ref={title} tabIndex={-1} className="dialog-title">
            {t('shortcuts.title')}
          </Dialog.Title>
          <Sheet />
          <div className="dialog-actions">
            <Dialog.Close render={<Button />}>{t('close')}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Sheet() {
  const { t } = useTranslation('app');
  const { client } = useBridge().connection;
  const hasSingleKeys = useStore(settingsStore, (state) => state.hasSingleKeys);
  const commands = windowCommands(client);
  const own = commandGroups.map((group) => ({
    title: t(`groups.${group}`),
    rows: commands
      .filter((command) => command.group === group)
      .map(({ label, shortcut, otherShortcut }) => ({
        label,
        shortcuts: [shortcut, otherShortcut]
          .filter((one) => one !== undefined)
          .filter((one) => hasSingleKeys || !isPlain(one)),
      })),
  }));
  const notices = {
    title: t('groups.notices'),
    rows: [{ label: t('shortcuts.reachNotices'), shortcuts: ['F6'] }],
  };
  const files = {
    title: t('shortcuts.filesTitle'),
    rows: fileActions.map((action) => ({
      label: t(`shortcuts.files.${action}`),
      shortcuts: [fileKeys[action]],
    })),
  };
  const logs = {
    title: t('shortcuts.logsTitle'),
    rows: [{ label: t('shortcuts.searchLog'), shortcuts: [logKeys.search] }],
  };
  const groups = [...own, files, logs, terminalKeys(), notices]
    .map(({ title, rows }) => ({
      title,
      rows: rows.filter(({ shortcuts }) => shortcuts.length > 0),
    }))
    .filter(({ rows }) => rows.length > 0);
  return (
    <div className="shortcuts-groups">
      {groups.map(({ title, rows }) => (
        <div key={title} role="group" className="shortcuts-group" aria-label={title}>
          <h3>{title}</h3>
          <dl>
            {rows.map(({ label, shortcuts }) => (
              <div key={label} className="shortcuts-row">
                <dt>{label}</dt>
                <dd>
                  {shortcuts.map((shortcut) => (
                    <Keys key={shortcut} strokes={shownKeys(shortcut)} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      {!hasSingleKeys && <p className="quiet">{t('shortcuts.singleKeysOff')}</p>}
    </div>
  );
}

import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../bridge/bridge-context.tsx';
import { sandboxStore } from '../features/sandboxes/sandbox-store.ts';
import { Keys } from '../ui/keys.tsx';
import { allCommands } from './commands/all-commands.ts';
import type { Command } from './commands/command.ts';
import { overlayStore } from './commands/overlay-store.ts';
import {
  paletteEntries,
  type PaletteEntry,
  type PaletteGroup,
} from './commands/palette-entries.ts';
import { recentCommands, rememberCommand } from './commands/recent-commands.ts';
import { shownKeys } from './commands/shown-keys.ts';
import '../ui/dialog.css';
import '../ui/menu.css';
import './command-palette.css';

/** Everything that the window can do, by typing some letters of its name. */
export function CommandPalette() {
  const { t } = useTranslation('app');
  const isOpen = useStore(overlayStore, ({ open }) => open === 'palette');
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        overlayStore.setState({ open: open ? 'palette' : undefined });
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          className="dialog palette"
          aria-label={t('palette.title')}
          finalFocus={leaveFocus}
        >
          <PaletteList />
          <Dialog.Close className="visually-hidden">{t('close')}</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A command may have moved the focus; then it stays there. */
function leaveFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function choose(command: Command): void {
  rememberCommand(command.id);
  overlayStore.setState({ open: undefined });
  // After the dialog has given the focus back, so that a command may move it.
  requestAnimationFrame(() => setTimeout(command.run));
}

function PaletteList() {
  const { t } = useTranslation('app');
  const { client } = useBridge().connection;
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  const [query, setQuery] = useState('');
  const recent = useStore(recentCommands, ({ ids }) => ids);
  const commands = useMemo(() => allCommands(client, sandboxes), [client, sandboxes]);
  const groups = useMemo(() => paletteEntries(commands, query, recent), [commands, query, recent]);
  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      items={groups}
      value={query}
      onValueChange={setQuery}
      itemToStringValue={({ command }: PaletteEntry) => command.label}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        className="input palette-input"
        aria-label={t('palette.search')}
        placeholder={t('palette.placeholder')}
        spellCheck={false}
      />
      <Autocomplete.Empty className="palette-empty">{t('palette.empty')}</Autocomplete.Empty>
      <Autocomplete.List className="palette-list" aria-label={t('palette.title')}>
        {({ value, items }: PaletteGroup) => (
          <Autocomplete.Group key={value} items={items}>
            {value !== 'found' && (
              <Autocomplete.GroupLabel className="menu-label">
                {t(`groups.${value}`)}
              </Autocomplete.GroupLabel>
            )}
            <Autocomplete.Collection>
              {(entry: PaletteEntry) => <PaletteItem key={entry.command.id} entry={entry} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

function PaletteItem({ entry }: { readonly entry: PaletteEntry }) {
  const { command, marked } = entry;
  return (
    <Autocomplete.Item
      value={entry}
      className="menu-item"
      onClick={() => {
        choose(command);
      }}
    >
      <command.icon className="icon" aria-hidden />
      <span className="palette-label">
        <Marked text={command.label} at={marked} />
      </span>
      {command.shortcut !== undefined && (
        <Keys className="palette-keys" strokes={shownKeys(command.shortcut)} />
      )}
    </Autocomplete.Item>
  );
}

/** The text with the letters at these places marked. */
function Marked(props: { readonly text: string; readonly at: readonly number[] }) {
  const { text, at } = props;
  if (at.length === 0) return text;
  const parts: { text: string; isMarked: boolean }[] = [];
  for (const [index, unit] of text.split('').entries()) {
    const isMarked = at.includes(index);
    const last = parts.at(-1);
    if (last?.isMarked === isMarked) last.text += unit;
    else parts.push({ text: unit, isMarked });
  }
  return parts.map((part, index) =>
    // The parts of one text change all at once.
    part.isMarked ? <mark key={String(index)}>{part.text}</mark> : part.text,
  );
}

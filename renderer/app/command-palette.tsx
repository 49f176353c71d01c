import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useStore } from 'zustand';
import { useBridge } from '../bridge/bridge-context.tsx';
import { sandboxStore } from '../features/sandboxes/sandbox-store.ts';
import { buildCommands, type PaletteCommand } from './palette-commands.ts';
import '../ui/dialog.css';
import '../ui/menu.css';
import './command-palette.css';

/** Everything that the window can do, by typing a part of its name. */
export function CommandPalette(props: {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}) {
  const { isOpen, onOpenChange } = props;
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette" aria-label="Commands" finalFocus={leaveFocus}>
          <PaletteList
            onDone={() => {
              onOpenChange(false);
            }}
          />
          <Dialog.Close className="visually-hidden">Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A command may have moved the focus; then it stays there. */
function leaveFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function PaletteList({ onDone }: { readonly onDone: () => void }) {
  const { connection } = useBridge();
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  const commands = buildCommands(connection.client, sandboxes);
  return (
    <Autocomplete.Root
      open
      inline
      items={commands}
      itemToStringValue={(command: PaletteCommand) => command.label}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        className="input palette-input"
        aria-label="Search commands"
        placeholder="What to do"
        spellCheck={false}
      />
      <Autocomplete.Empty className="palette-empty">No command has this name.</Autocomplete.Empty>
      <Autocomplete.List className="palette-list" aria-label="Commands">
        {(command: PaletteCommand) => (
          <Autocomplete.Item
            key={command.label}
            value={command}
            className="menu-item"
            onClick={() => {
              onDone();
              // After the dialog has given the focus back, so that a command may move it.
              requestAnimationFrame(command.run);
            }}
          >
            <command.icon className="icon" aria-hidden />
            {command.label}
            {command.shortcut !== undefined && (
              <kbd className="menu-remark">{command.shortcut}</kbd>
            )}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

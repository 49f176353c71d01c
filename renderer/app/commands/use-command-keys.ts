import { useEffect } from 'react';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { onMenuCommand, type MenuCommand } from '../../bridge/menu-commands.ts';
import { sandboxStore, selectSandbox } from '../../features/sandboxes/sandbox-store.ts';
import { settingsStore } from '../../features/settings/settings-store.ts';
import { allCommands, windowCommands } from './all-commands.ts';
import type { Command } from './command.ts';
import { isMac } from './is-mac.ts';
import { isPlain, StrokeReader } from './shortcut.ts';
import { isElsewhere } from './typing-target.ts';

/** Hears the keys of commands everywhere in the window, and the same commands from the desktop. */
export function useCommandKeys(): void {
  const { client } = useBridge().connection;
  useEffect(() => {
    const reader = new StrokeReader<Command>(isMac());
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const takesPlain = settingsStore.getState().hasSingleKeys && isElsewhere(event.target);
      const keys = windowCommands(client).flatMap((command) =>
        [command.shortcut, command.otherShortcut]
          .filter((shortcut) => shortcut !== undefined)
          .filter((shortcut) => takesPlain || !isPlain(shortcut))
          .map((shortcut) => ({ shortcut, command })),
      );
      const command = reader.read(event, keys, event.timeStamp);
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    };
    const run = (id: string) => {
      const sandboxes = sandboxStore.getState().sandboxes;
      allCommands(client, sandboxes)
        .find((command) => command.id === id)
        ?.run();
    };
    window.addEventListener('keydown', onKeyDown);
    const endMenu = onMenuCommand((command) => {
      whenKnown(command, () => {
        run(idOf(command));
      });
    });
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      endMenu();
    };
  }, [client]);
}

/** The desktop's word for a command. */
function idOf(command: MenuCommand): string {
  switch (command) {
    case 'toggle-terminal':
      return 'terminals.toggle';
    case 'command-palette':
      return 'palette';
    case 'new-sandbox':
      return 'page.create';
    case 'show-host':
      return 'page.host';
    case 'show-settings':
      return 'page.settings';
    case 'show-shortcuts':
      return 'shortcuts';
    default: {
      const [verb, name = ''] = command.split(' ');
      return `sandbox.${verb === 'open-terminal' ? 'terminal' : 'open'} ${name}`;
    }
  }
}

/** A window that has just been opened does not know the sandbox yet that it was opened for. */
function whenKnown(command: MenuCommand, run: () => void): void {
  const name = command.split(' ')[1];
  const isKnown = () =>
    name === undefined || selectSandbox(name)(sandboxStore.getState()) !== undefined;
  if (isKnown() || sandboxStore.getState().isLoaded) {
    run();
    return;
  }
  const end = sandboxStore.subscribe(({ isLoaded }) => {
    if (!isLoaded) return;
    end();
    run();
  });
}

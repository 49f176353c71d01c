import { Command as CommandIcon, Keyboard, SquareTerminal, Stethoscope } from 'lucide-react';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { openDiagnostics } from '../../features/host/diagnostics-store.ts';
import { translate } from '../../words/language.ts';
import { toggleTerminals } from '../toggle-terminals.ts';
import { appearanceCommands } from './appearance-commands.ts';
import type { Command } from './command.ts';
import { imageCommands } from './image-commands.ts';
import { overlayStore } from './overlay-store.ts';
import { pageCommands } from './page-commands.ts';
import { sandboxCommands } from './sandbox-commands.ts';
import { terminalCommands } from './terminal-commands.ts';

/** Every command that is there whatever the sandboxes are; those with keys are among these. */
export function windowCommands(client: SkerryClient): Command[] {
  return [
    {
      id: 'palette',
      group: 'general',
      icon: CommandIcon,
      label: translate('app:palette.title'),
      shortcut: 'Mod+K',
      otherShortcut: 'Mod+Shift+P',
      run: () => {
        overlayStore.setState({ open: 'palette' });
      },
    },
    {
      id: 'shortcuts',
      group: 'general',
      icon: Keyboard,
      label: translate('app:shortcuts.title'),
      shortcut: '?',
      run: () => {
        overlayStore.setState({ open: 'shortcuts' });
      },
    },
    {
      id: 'terminals.toggle',
      group: 'terminals',
      icon: SquareTerminal,
      label: translate('app:commands.toggleTerminals'),
      shortcut: 'Ctrl+Backquote',
      run: toggleTerminals,
    },
    ...pageCommands(),
    {
      id: 'diagnostics',
      group: 'general',
      icon: Stethoscope,
      label: translate('app:commands.diagnostics'),
      run: () => {
        void openDiagnostics(client);
      },
    },
    ...imageCommands(client),
    ...appearanceCommands(),
  ];
}

/** Every command that makes sense now. */
export function allCommands(client: SkerryClient, sandboxes: readonly Sandbox[]): Command[] {
  return [
    ...windowCommands(client),
    ...terminalCommands(client),
    ...sandboxes.flatMap((sandbox) => sandboxCommands(client, sandbox)),
  ];
}

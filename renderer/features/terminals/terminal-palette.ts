/** What the command palette can do with terminals. */
import {
  ArrowDownToLine,
  ArrowUpToLine,
  Copy,
  ExternalLink,
  Maximize2,
  Radio,
  Search,
  SplitSquareHorizontal,
  SplitSquareVertical,
  X,
  type LucideIcon,
} from 'lucide-react';
import type { SkerryClient } from '../../bridge/connection.ts';
import { translate } from '../../words/language.ts';
import { openBesideWindow } from './system-terminal.ts';
import { copyLastOutput, runTerminalCommand } from './terminal-commands.ts';
import {
  terminalShortcuts,
  type TerminalCommand,
  type TerminalShortcut,
} from './terminal-shortcuts.ts';
import { focusedTerminal, terminalStore } from './terminal-store.ts';

/** One line of the palette. */
export interface TerminalPaletteCommand {
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly shortcut?: TerminalShortcut | undefined;
  readonly run: () => void;
}

const commands: readonly (readonly [TerminalCommand, LucideIcon])[] = [
  ['split-right', SplitSquareHorizontal],
  ['split-down', SplitSquareVertical],
  ['find', Search],
  ['previous-prompt', ArrowUpToLine],
  ['next-prompt', ArrowDownToLine],
  ['broadcast', Radio],
  ['maximise', Maximize2],
  ['close-terminal', X],
];

/** Every command that makes sense now: none without a terminal. */
export function terminalPaletteCommands(client: SkerryClient): readonly TerminalPaletteCommand[] {
  const terminal = focusedTerminal(terminalStore.getState());
  if (terminal === undefined) return [];
  const { id } = terminal;
  return [
    ...commands.map(([command, icon]) => ({
      id: command,
      label: translate(`terminals:shortcuts.${command}`),
      icon,
      shortcut: terminalShortcuts.find((shortcut) => shortcut.id === command),
      run: () => {
        // The palette gives the focus back before the terminal takes it.
        setTimeout(() => {
          terminalStore.setState({ isOpen: true });
          runTerminalCommand(command, client);
        });
      },
    })),
    {
      id: 'copy-output',
      label: translate('terminals:menu.copyOutput'),
      icon: Copy,
      run: () => void copyLastOutput(id),
    },
    {
      id: 'system-terminal',
      label: translate('terminals:menu.systemTerminal'),
      icon: ExternalLink,
      run: () => void openBesideWindow(client, id),
    },
  ];
}

import {
  Activity,
  Box,
  Copy,
  CopyPlus,
  ExternalLink,
  FileText,
  FolderTree,
  Layers,
  Network,
  Pencil,
  Play,
  RotateCw,
  SlidersHorizontal,
  Square,
  SquareChevronRight,
  SquareTerminal,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { formatCommandLine } from '../../../main/contract/config/command-line.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { askImage } from '../../features/images/image-store.ts';
import { actOnSandbox, isAlive } from '../../features/sandboxes/sandbox-actions.ts';
import { openTerminal } from '../../features/terminals/terminal-store.ts';
import { copyText } from '../../ui/clipboard.ts';
import { translate } from '../../words/language.ts';
import { openOutside } from '../open-system-terminal.ts';
import type { SandboxSection } from '../routes.ts';
import { askSandbox } from '../sandbox-dialogs.tsx';
import { shownSections } from '../sandbox-sections.tsx';
import { navigate } from '../use-route.ts';
import type { Command } from './command.ts';

const sectionIcons: Readonly<Record<SandboxSection, LucideIcon>> = {
  network: Network,
  files: FolderTree,
  logs: FileText,
  stats: Activity,
  commands: SquareChevronRight,
  config: SlidersHorizontal,
};

type Action =
  | ('open' | 'terminal' | 'start' | 'stop' | 'restart' | 'edit' | 'duplicate' | 'saveAsImage')
  | ('systemTerminal' | 'copyCommandLine' | 'remove');

/** What can be done to a sandbox in its present state. */
export function sandboxCommands(client: SkerryClient, sandbox: Sandbox): Command[] {
  const { name, state, config } = sandbox;
  const command = (action: Action, icon: LucideIcon, run: () => void): Command => ({
    id: `sandbox.${action} ${name}`,
    group: 'sandboxes',
    icon,
    label: translate(`app:commands.sandbox.${action}`, { name }),
    run,
  });
  const act = (action: 'start' | 'stop' | 'restart') => () => {
    // What fails is shown on the sandbox's page.
    navigate({ page: 'sandbox', name });
    void actOnSandbox(client, sandbox, action);
  };
  const open = command('open', Box, () => {
    navigate({ page: 'sandbox', name });
  });
  if (state === 'creating') return [open];
  const life =
    state === 'running'
      ? [
          command('terminal', SquareTerminal, () => {
            openTerminal({ sandbox: name, shell: config.shell }, true);
          }),
          command('systemTerminal', ExternalLink, () => void openOutside(client, name)),
          command('stop', Square, act('stop')),
          command('restart', RotateCw, act('restart')),
        ]
      : [];
  return [
    open,
    ...life,
    ...(isAlive(state) ? [] : [command('start', Play, act('start'))]),
    ...shownSections.map(({ section, label }): Command => ({
      id: `sandbox.section.${section} ${name}`,
      group: 'sandboxes',
      icon: sectionIcons[section],
      label: translate('app:commands.sandbox.section', { name, section: label() }),
      run: () => {
        navigate({ page: 'sandbox', name, section });
      },
    })),
    command('edit', Pencil, () => {
      navigate({ page: 'edit', name });
    }),
    command('duplicate', CopyPlus, () => {
      askSandbox({ kind: 'duplicate', name });
    }),
    // A directory or disk is no image that a layer could lie above.
    ...(sandbox.root?.kind === 'image'
      ? [
          command('saveAsImage', Layers, () => {
            askImage({ kind: 'commit', sandbox: name });
          }),
        ]
      : []),
    command('copyCommandLine', Copy, () => void copyText(formatCommandLine(config))),
    command('remove', Trash2, () => {
      askSandbox({ kind: 'remove', name });
    }),
  ];
}

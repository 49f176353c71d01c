import {
  Activity,
  Box,
  Camera,
  Copy,
  CopyPlus,
  ExternalLink,
  FileText,
  FolderTree,
  GitBranch,
  Layers,
  Moon,
  Network,
  Pause,
  Pencil,
  Play,
  Power,
  RotateCw,
  SlidersHorizontal,
  Square,
  SquareChevronRight,
  SquareTerminal,
  StepForward,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { formatCommandLine } from '../../../main/contract/config/command-line.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { askImage } from '../../features/images/image-store.ts';
import { actOnSandbox } from '../../features/sandboxes/sandbox-actions.ts';
import { canDo, type SandboxAction } from '../../features/sandboxes/state-rules.ts';
import { openTerminal } from '../../features/terminals/terminal-store.ts';
import { copyText } from '../../ui/clipboard.ts';
import { translate } from '../../words/language.ts';
import { openOutside } from '../open-system-terminal.ts';
import type { SandboxSection } from '../routes.ts';
import { askSandbox, type SandboxQuestion } from '../sandbox-dialogs.tsx';
import { shownSections } from '../sandbox-sections.tsx';
import { navigate } from '../use-route.ts';
import type { Command } from './command.ts';

const sectionIcons: Readonly<Record<SandboxSection, LucideIcon>> = {
  network: Network,
  files: FolderTree,
  logs: FileText,
  stats: Activity,
  commands: SquareChevronRight,
  snapshots: Camera,
  config: SlidersHorizontal,
};

type Action =
  | SandboxAction
  | ('open' | 'terminal' | 'edit' | 'duplicate' | 'saveAsImage' | 'snapshot' | 'branch')
  | ('systemTerminal' | 'copyCommandLine');

/** What is done at once, in the order of the palette. */
const lifeActions = [
  ['start', Play],
  ['resume', StepForward],
  ['pause', Pause],
  ['suspend', Moon],
  ['stop', Square],
  ['restart', RotateCw],
  ['startFromDisk', Power],
] as const;

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
  const ask = (kind: SandboxQuestion['kind']) => () => {
    askSandbox({ kind, name });
  };
  const act = (action: SandboxAction) => () => {
    // What fails is shown on the sandbox's page.
    navigate({ page: 'sandbox', name });
    void actOnSandbox(client, sandbox, action);
  };
  const open = command('open', Box, () => {
    navigate({ page: 'sandbox', name });
  });
  if (state === 'creating') return [open];
  const terminals =
    state === 'running'
      ? [
          command('terminal', SquareTerminal, () => {
            openTerminal({ sandbox: name, shell: config.shell }, true);
          }),
          command('systemTerminal', ExternalLink, () => void openOutside(client, name)),
        ]
      : [];
  const life = lifeActions
    .filter(([action]) => canDo(state, action))
    .map(([action, icon]) => {
      const losesMemory =
        state === 'suspended' && (action === 'stop' || action === 'startFromDisk');
      const shown = state === 'suspended' && action === 'start' ? 'resume' : action;
      return command(shown, icon, losesMemory ? ask(action) : act(action));
    });
  return [
    open,
    ...terminals,
    ...life,
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
    command('snapshot', Camera, ask('snapshot')),
    command('branch', GitBranch, ask('branch')),
    command('duplicate', CopyPlus, ask('duplicate')),
    // A directory or disk is no image that a layer could lie above.
    ...(sandbox.root?.kind === 'image'
      ? [
          command('saveAsImage', Layers, () => {
            askImage({ kind: 'commit', sandbox: name });
          }),
        ]
      : []),
    command('copyCommandLine', Copy, () => void copyText(formatCommandLine(config))),
    command('remove', Trash2, ask('remove')),
  ];
}

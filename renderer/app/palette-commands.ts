import {
  Database,
  House,
  KeyRound,
  FileInput,
  Hammer,
  HardDrive,
  ShieldCheck,
  Brush,
  Layers,
  ListChecks,
  Moon,
  Network,
  PanelLeft,
  Play,
  Plus,
  RotateCw,
  Server,
  Square,
  SquareTerminal,
  Sun,
  SunMoon,
  Box,
  type LucideIcon,
} from 'lucide-react';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import type { SkerryClient } from '../bridge/connection.ts';
import { actOnSandbox, isAlive } from '../features/sandboxes/sandbox-actions.ts';
import { checkStore } from '../features/images/image-actions.ts';
import { askImage } from '../features/images/image-store.ts';
import { settingsStore } from '../features/settings/settings-store.ts';
import { terminalPaletteCommands } from '../features/terminals/terminal-palette.ts';
import { openTerminal } from '../features/terminals/terminal-store.ts';
import { navigate } from './use-route.ts';
import { toggleTerminals } from './window-keys.ts';

/** One line of the palette. */
export interface PaletteCommand {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly shortcut?: string;
  readonly run: () => void;
}

/** Every command that makes sense now. */
export function buildCommands(
  client: SkerryClient,
  sandboxes: readonly Sandbox[],
): readonly PaletteCommand[] {
  const check: PaletteCommand = {
    label: 'Check the image store',
    icon: ShieldCheck,
    run: () => {
      // What fails is shown on the page of images.
      navigate({ page: 'images' });
      void checkStore(client, false);
    },
  };
  return [
    ...windowCommands,
    check,
    ...terminalPaletteCommands(client),
    ...sandboxes.flatMap((sandbox) => sandboxCommands(client, sandbox)),
  ];
}

const windowCommands: readonly PaletteCommand[] = [
  {
    label: 'New sandbox',
    icon: Plus,
    run: () => {
      navigate({ page: 'create' });
    },
  },
  {
    label: 'Show or hide terminals',
    icon: SquareTerminal,
    shortcut: 'Ctrl+`',
    run: toggleTerminals,
  },
  {
    label: 'Go to Sandboxes',
    icon: House,
    run: () => {
      navigate({ page: 'home' });
    },
  },
  {
    label: 'Go to Images',
    icon: Layers,
    run: () => {
      navigate({ page: 'images' });
    },
  },
  {
    label: 'Go to Registries',
    icon: KeyRound,
    run: () => {
      navigate({ page: 'registries' });
    },
  },
  {
    label: 'Disk usage of images',
    icon: HardDrive,
    run: () => {
      navigate({ page: 'disk' });
    },
  },
  ...(
    [
      ['import', 'Import an image', FileInput],
      ['build', 'Build an image', Hammer],
      ['prune', 'Prune the image store', Brush],
    ] as const
  ).map(([kind, label, icon]) => ({
    label,
    icon,
    run: () => {
      // The palette gives the focus back before the dialog takes it.
      setTimeout(() => {
        askImage({ kind });
      });
    },
  })),
  {
    label: 'Go to Volumes',
    icon: Database,
    run: () => {
      navigate({ page: 'volumes' });
    },
  },
  {
    label: 'Go to Host',
    icon: Server,
    run: () => {
      navigate({ page: 'host' });
    },
  },
  {
    label: 'Go to Tasks',
    icon: ListChecks,
    run: () => {
      navigate({ page: 'tasks' });
    },
  },
  {
    label: 'Collapse or expand sidebar',
    icon: PanelLeft,
    run: () => {
      settingsStore.setState(({ isSidebarCollapsed }) => ({
        isSidebarCollapsed: !isSidebarCollapsed,
      }));
    },
  },
  ...(
    [
      ['system', 'Theme: as the system', SunMoon],
      ['light', 'Theme: light', Sun],
      ['dark', 'Theme: dark', Moon],
    ] as const
  ).map(([theme, label, icon]) => ({
    label,
    icon,
    run: () => {
      settingsStore.setState({ theme });
    },
  })),
];

function sandboxCommands(client: SkerryClient, sandbox: Sandbox): PaletteCommand[] {
  const { name, state, config } = sandbox;
  const act = (action: 'start' | 'stop' | 'restart') => () => {
    // What fails is shown on the sandbox's page.
    navigate({ page: 'sandbox', name });
    void actOnSandbox(client, sandbox, action);
  };
  const commands: PaletteCommand[] = [
    {
      label: `Go to ${name}`,
      icon: Box,
      run: () => {
        navigate({ page: 'sandbox', name });
      },
    },
  ];
  if (state !== 'creating') {
    commands.push({
      label: `Network of ${name}`,
      icon: Network,
      run: () => {
        navigate({ page: 'sandbox', name, section: 'network' });
      },
    });
  }
  if (state !== 'creating' && sandbox.root?.kind === 'image') {
    commands.push({
      label: `Save ${name} as image`,
      icon: Layers,
      run: () => {
        setTimeout(() => {
          askImage({ kind: 'commit', sandbox: name });
        });
      },
    });
  }
  if (state === 'running') {
    commands.push(
      {
        label: `Open terminal in ${name}`,
        icon: SquareTerminal,
        run: () => {
          openTerminal({ sandbox: name, shell: config.shell }, true);
        },
      },
      { label: `Stop ${name}`, icon: Square, run: act('stop') },
      { label: `Restart ${name}`, icon: RotateCw, run: act('restart') },
    );
  } else if (!isAlive(state)) {
    commands.push({ label: `Start ${name}`, icon: Play, run: act('start') });
  }
  return commands;
}

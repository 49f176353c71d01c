import type { ReactNode } from 'react';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { CommandsView } from '../features/commands/commands-view.tsx';
import { LogView } from '../features/logs/log-view.tsx';
import { NetworkView } from '../features/network/network-view.tsx';
import { ConfigView } from '../features/sandboxes/config-view.tsx';
import { StatsView } from '../features/stats/stats-view.tsx';
import { translate } from '../words/language.ts';
import { formatRoute, sandboxSections, type SandboxSection } from './routes.ts';

/** What a section is shown with. */
export interface SectionProps {
  readonly sandbox: Sandbox;
  /** Of the address: the directory or file that is shown. */
  readonly path: string | undefined;
}

interface Section {
  readonly label: string;
  readonly render: (props: SectionProps) => ReactNode;
}

/** The sections besides the overview; each is another feature's view. */
const sections: Partial<Record<SandboxSection, Section>> = {
  network: {
    label: 'Network',
    // A sandbox of the same name that comes later has a network of its own.
    render: ({ sandbox: { id, name, state } }) => (
      <NetworkView key={id} name={name} isRunning={state === 'running'} />
    ),
  },
  logs: {
    get label() {
      return translate('logs:title');
    },
    render: ({ sandbox }) => <LogView key={sandbox.id} sandbox={sandbox} />,
  },
  stats: {
    get label() {
      return translate('stats:title');
    },
    render: ({ sandbox }) => <StatsView key={sandbox.id} sandbox={sandbox} />,
  },
  commands: {
    get label() {
      return translate('commands:title');
    },
    render: ({ sandbox }) => <CommandsView key={sandbox.id} sandbox={sandbox} />,
  },
  config: {
    get label() {
      return translate('sandboxes:config.title');
    },
    render: ({ sandbox }) => (
      <ConfigView sandbox={sandbox} editHref={formatRoute({ page: 'edit', name: sandbox.name })} />
    ),
  },
};

/** Those that there are, in the order of their tabs. */
export const shownSections: readonly (Section & { readonly section: SandboxSection })[] =
  sandboxSections.flatMap((section) => {
    const shown = sections[section];
    if (shown === undefined) return [];
    // In the language of the moment.
    return {
      section,
      render: shown.render,
      get label() {
        return shown.label;
      },
    };
  });

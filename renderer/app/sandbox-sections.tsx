import type { ReactNode } from 'react';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { useBridge } from '../bridge/bridge-context.tsx';
import { CommandsView } from '../features/commands/commands-view.tsx';
import { LogView } from '../features/logs/log-view.tsx';
import { NetworkView } from '../features/network/network-view.tsx';
import { ConfigView } from '../features/sandboxes/config-view.tsx';
import { StatsView } from '../features/stats/stats-view.tsx';
import { translate } from '../words/language.ts';
import { formatRoute, sandboxSections, type SandboxSection } from './routes.ts';
import { goOn } from './go-on.ts';
import { SandboxFiles } from './sandbox-files.tsx';
import { SandboxSnapshots } from './sandbox-snapshots.tsx';

/** What a section is shown with. */
export interface SectionProps {
  readonly sandbox: Sandbox;
  /** Of the address: the directory or file that is shown. */
  readonly path: string | undefined;
}

interface Section {
  /** As the language of the moment has it. */
  readonly label: () => string;
  readonly render: (props: SectionProps) => ReactNode;
}

/** The sections besides the overview; each is another feature's view. */
const sections: Readonly<Record<SandboxSection, Section>> = {
  network: {
    label: () => translate('network:title'),
    // A sandbox of the same name that comes later has a network of its own.
    render: ({ sandbox: { id, name, state } }) => (
      <NetworkView key={id} name={name} isRunning={state === 'running'} />
    ),
  },
  files: {
    label: () => translate('files:title'),
    render: ({ sandbox, path }) => <SandboxFiles key={sandbox.id} sandbox={sandbox} path={path} />,
  },
  logs: {
    label: () => translate('logs:title'),
    render: ({ sandbox }) => <LogView key={sandbox.id} sandbox={sandbox} />,
  },
  stats: {
    label: () => translate('stats:title'),
    render: ({ sandbox }) => <StatsView key={sandbox.id} sandbox={sandbox} />,
  },
  commands: {
    label: () => translate('commands:title'),
    render: ({ sandbox }) => <SandboxCommands key={sandbox.id} sandbox={sandbox} />,
  },
  snapshots: {
    label: () => translate('snapshots:title'),
    render: ({ sandbox }) => <SandboxSnapshots key={sandbox.id} sandbox={sandbox} />,
  },
  config: {
    label: () => translate('sandboxes:config.title'),
    render: ({ sandbox }) => (
      <ConfigView sandbox={sandbox} editHref={formatRoute({ page: 'edit', name: sandbox.name })} />
    ),
  },
};

/** In the order of their tabs. */
export const shownSections: readonly (Section & { readonly section: SandboxSection })[] =
  sandboxSections.map((section) => ({ section, ...sections[section] }));

function SandboxCommands({ sandbox }: { readonly sandbox: Sandbox }) {
  const { client } = useBridge().connection;
  return (
    <CommandsView
      sandbox={sandbox}
      onResume={() => {
        goOn(client, sandbox.name);
      }}
    />
  );
}

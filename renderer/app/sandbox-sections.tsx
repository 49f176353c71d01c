import type { ReactNode } from 'react';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { NetworkView } from '../features/network/network-view.tsx';
import { SandboxFiles } from './sandbox-files.tsx';
import { sandboxSections, type SandboxSection } from './routes.ts';

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
  files: {
    label: 'Files',
    render: ({ sandbox, path }) => <SandboxFiles key={sandbox.id} sandbox={sandbox} path={path} />,
  },
};

/** Those that there are, in the order of their tabs. */
export const shownSections: readonly (Section & { readonly section: SandboxSection })[] =
  sandboxSections.flatMap((section) => {
    const shown = sections[section];
    return shown === undefined ? [] : [{ section, ...shown }];
  });

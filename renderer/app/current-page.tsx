import { useMemo } from 'react';
import { useStore } from 'zustand';
import { HostView } from '../features/host/host-view.tsx';
import { hostStore } from '../features/host/host-store.ts';
import { imageStore } from '../features/images/image-store.ts';
import { TasksView } from '../features/operations/tasks-view.tsx';
import { CreateView } from '../features/sandboxes/create-view.tsx';
import { HomeView } from '../features/sandboxes/home-view.tsx';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { openTerminal } from '../features/terminals/terminal-store.ts';
import { formatBytes } from '../ui/format.ts';
import { ImagesPage } from './images-page.tsx';
import { followCreation } from './opening-terminals.ts';
import { formatRoute, type Route } from './routes.ts';
import { SandboxPage } from './sandbox-page.tsx';

/** The page of a route. */
export function CurrentPage({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'home':
      return (
        <HomeView
          createHref={formatRoute({ page: 'create' })}
          onCreated={followCreation}
          sandboxHref={hrefOfSandbox}
          onTerminal={openTerminalIn}
        />
      );
    case 'create':
      return <CreatePage key={route.image ?? ''} image={route.image} />;
    case 'sandbox':
      return <SandboxPage key={route.name} name={route.name} onTerminal={openTerminalIn} />;
    case 'images':
      return <ImagesPage />;
    case 'host':
      return <HostView />;
    case 'tasks':
      return <TasksView />;
  }
}

function hrefOfSandbox(name: string): string {
  return formatRoute({ page: 'sandbox', name });
}

function openTerminalIn({ name, config }: Sandbox): void {
  openTerminal({ sandbox: name, shell: config.shell }, true);
}

function CreatePage({ image }: { readonly image: string | undefined }) {
  const images = useStore(imageStore, (state) => state.images);
  const report = useStore(hostStore, (state) => state.report);
  const suggestions = useMemo(
    () =>
      images.map(({ reference, diskBytes }) => ({
        value: reference,
        remark: formatBytes(diskBytes),
      })),
    [images],
  );
  return (
    <CreateView
      images={suggestions}
      chosenImage={image}
      machine={report}
      onCreated={followCreation}
    />
  );
}

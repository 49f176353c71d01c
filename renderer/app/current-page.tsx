import { useMemo } from 'react';
import { useStore } from 'zustand';
import { HostView } from '../features/host/host-view.tsx';
import { hostStore } from '../features/host/host-store.ts';
import { imageStore } from '../features/images/image-store.ts';
import { TasksView } from '../features/operations/tasks-view.tsx';
import { CreateView } from '../features/sandboxes/create-view.tsx';
import { EditView } from '../features/sandboxes/edit-view.tsx';
import { HomeView } from '../features/sandboxes/home-view.tsx';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { VolumesView } from '../features/volumes/volumes-view.tsx';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { openTerminal } from '../features/terminals/terminal-store.ts';
import { formatBytes } from '../ui/format.ts';
import { ImagesPage } from './images-page.tsx';
import { followCreation } from './opening-terminals.ts';
import { formatRoute, type Route } from './routes.ts';
import { NetworkTest } from './network-test.tsx';
import { NoSandbox, SandboxPage } from './sandbox-page.tsx';
import { navigate } from './use-route.ts';

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
      return (
        <SandboxPage
          key={route.name}
          name={route.name}
          section={route.section}
          onTerminal={openTerminalIn}
        />
      );
    case 'edit':
      return <EditPage key={route.name} name={route.name} />;
    case 'images':
      return <ImagesPage />;
    case 'volumes':
      return <VolumesView sandboxHref={hrefOfSandbox} />;
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

function EditPage({ name }: { readonly name: string }) {
  const sandbox = useStore(sandboxStore, selectSandbox(name));
  const isLoaded = useStore(sandboxStore, (state) => state.isLoaded);
  const machine = useStore(hostStore, (state) => state.report);
  if (sandbox === undefined) return isLoaded ? <NoSandbox name={name} /> : null;
  return (
    <EditView
      sandbox={sandbox}
      machine={machine}
      networkTest={NetworkTest}
      onDone={() => {
        navigate({ page: 'sandbox', name });
      }}
    />
  );
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
      networkTest={NetworkTest}
      onCreated={followCreation}
    />
  );
}

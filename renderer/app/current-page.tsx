import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useBridge } from '../bridge/bridge-context.tsx';
import { checksToShow, firstRunStore, whatWasSeen } from '../features/host/first-run.ts';
import { HostView } from '../features/host/host-view.tsx';
import { hostStore } from '../features/host/host-store.ts';
import { ImageField } from '../features/images/image-field.tsx';
import { SettingsView } from '../features/settings/settings-view.tsx';
import { TasksView } from '../features/operations/tasks-view.tsx';
import { RegistriesView } from '../features/registries/registries-view.tsx';
import { CreateView } from '../features/sandboxes/create-view.tsx';
import { EditView } from '../features/sandboxes/edit-view.tsx';
import { HomeView } from '../features/sandboxes/home/home-view.tsx';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { VolumesView } from '../features/volumes/volumes-view.tsx';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { TerminalSettingsForm } from '../features/terminals/terminal-settings-form.tsx';
import { openTerminal } from '../features/terminals/terminal-store.ts';
import { AboutSkerry } from './about-skerry.tsx';
import { isMac } from './commands/is-mac.ts';
import { overlayStore } from './commands/overlay-store.ts';
import { ImagePage, ImagesPage } from './images-page.tsx';
import { NextSteps } from './next-steps.tsx';
import { followCreation } from './opening-terminals.ts';
import { formatRoute, type Route } from './routes.ts';
import { NetworkTest } from './network-test.tsx';
import { NoSandbox, SandboxPage } from './sandbox-page.tsx';
import { navigate } from './use-route.ts';

/** The page of a route. */
export function CurrentPage({ route }: { readonly route: Route }) {
  const { kind } = useBridge();
  switch (route.page) {
    case 'home':
      return <HomePage />;
    case 'create':
      return <CreatePage key={route.image ?? ''} image={route.image} />;
    case 'sandbox':
      return (
        <SandboxPage
          key={route.name}
          name={route.name}
          section={route.section}
          path={route.path}
          onTerminal={openTerminalIn}
        />
      );
    case 'edit':
      return <EditPage key={route.name} name={route.name} />;
    case 'images':
    case 'disk':
      return <ImagesPage section={route.page} />;
    case 'image':
      return (
        <ImagePage key={route.reference} reference={route.reference} section={route.section} />
      );
    case 'registries':
      return (
        <RegistriesView
          key={route.registry ?? ''}
          chosen={route.registry}
          onClosed={() => {
            if (route.registry !== undefined) navigate({ page: 'registries' });
          }}
        />
      );
    case 'volumes':
      return <VolumesView sandboxHref={hrefOfSandbox} />;
    case 'host':
      return <HostView />;
    case 'settings':
      return (
        <SettingsView
          about={<AboutSkerry />}
          terminals={<TerminalSettingsForm />}
          closesToTray={kind === 'electron' && !isMac()}
          onShortcuts={() => {
            overlayStore.setState({ open: 'shortcuts' });
          }}
        />
      );
    case 'tasks':
      return <TasksView nextSteps={NextSteps} />;
  }
}

/** The sandboxes; before them, once, what of this machine is worth knowing. */
function HomePage() {
  const report = useStore(hostStore, (state) => state.report);
  const firstRun = useStore(firstRunStore);
  const isWorthKnowing = report !== undefined && checksToShow(report, firstRun).length > 0;
  const isFirstOver = firstRun.seen === undefined && report !== undefined && !isWorthKnowing;
  useEffect(() => {
    if (isFirstOver) firstRunStore.setState({ seen: whatWasSeen(report) });
  }, [isFirstOver, report]);
  if (isWorthKnowing) {
    return (
      <HostView
        onContinue={() => {
          firstRunStore.setState({ seen: whatWasSeen(report) });
        }}
      />
    );
  }
  return (
    <HomeView
      createHref={formatRoute({ page: 'create' })}
      onCreated={followCreation}
      sandboxHref={hrefOfSandbox}
      onTerminal={openTerminalIn}
    />
  );
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
  const report = useStore(hostStore, (state) => state.report);
  return (
    <CreateView
      imageField={ImageField}
      chosenImage={image}
      machine={report}
      networkTest={NetworkTest}
      onCreated={followCreation}
    />
  );
}

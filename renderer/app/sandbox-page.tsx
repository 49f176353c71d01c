import { Box, Pencil, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../main/contract/error.ts';
import { parseCreateRequest } from '../../main/contract/config/parse-config.ts';
import type { Operation } from '../../main/contract/operation.ts';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { describeError } from '../bridge/bridge-error.ts';
import { useBridge } from '../bridge/bridge-context.tsx';
import { askImage } from '../features/images/image-store.ts';
import {
  CancelButton,
  OperationProgress,
  summariseOperation,
} from '../features/operations/operation-progress.tsx';
import { selectLatestStart } from '../features/operations/operation-selectors.ts';
import { operationStore } from '../features/operations/operation-store.ts';
import { draftOf } from '../features/sandboxes/create-draft.ts';
import { resetDraft } from '../features/sandboxes/create-form-store.ts';
import { createSandbox } from '../features/sandboxes/sandbox-actions.ts';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { SandboxView } from '../features/sandboxes/sandbox-view.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { EmptyState, Page, PageTabs } from '../ui/page.tsx';
import { ErrorSteps } from './next-steps.tsx';
import { openOutside } from './open-system-terminal.ts';
import { followCreation } from './opening-terminals.ts';
import { formatRoute, type SandboxSection } from './routes.ts';
import { askSandbox } from './sandbox-dialogs.tsx';
import { shownSections } from './sandbox-sections.tsx';
import { SandboxWork } from './sandbox-work.tsx';
import { navigate } from './use-route.ts';

/** A sandbox, its creation while it goes on or after it failed, or word that there is none. */
export function SandboxPage(props: {
  readonly name: string;
  /** Absent for the overview. */
  readonly section: SandboxSection | undefined;
  /** Of the address: the directory or file that is shown. */
  readonly path: string | undefined;
  readonly onTerminal: (sandbox: Sandbox) => void;
}) {
  const { name, section, path, onTerminal } = props;
  const { connection } = useBridge();
  const { t } = useTranslation('app');
  const sandbox = useStore(sandboxStore, selectSandbox(name));
  const isLoaded = useStore(sandboxStore, (state) => state.isLoaded);
  const latest = useStore(operationStore, selectLatestStart(name));
  if (latest?.kind === 'create' && (sandbox === undefined || sandbox.state === 'creating')) {
    if (latest.state !== 'succeeded') return <CreationPage operation={latest} />;
  }
  if (sandbox === undefined) return isLoaded ? <NoSandbox name={name} /> : null;
  const hrefOf = (of: SandboxSection) => formatRoute({ page: 'sandbox', name, section: of });
  const tabs = [
    {
      label: t('sandbox.overview'),
      href: formatRoute({ page: 'sandbox', name }),
      isCurrent: section === undefined,
    },
    ...shownSections.map(({ section: of, label }) => ({
      label: label(),
      href: hrefOf(of),
      isCurrent: section === of,
    })),
  ];
  const shown = shownSections.find(({ section: of }) => of === section);
  return (
    <SandboxView
      sandbox={sandbox}
      links={{
        host: formatRoute({ page: 'host' }),
        network: hrefOf('network'),
        files: hrefOf('files'),
        logs: hrefOf('logs'),
        stats: hrefOf('stats'),
        commands: hrefOf('commands'),
        config: hrefOf('config'),
      }}
      tabs={<PageTabs label={t('sandbox.sections', { name })} tabs={tabs} />}
      section={shown?.render({ sandbox, path })}
      onTerminal={onTerminal}
      onSystemTerminal={() => void openOutside(connection.client, name)}
      onRemoved={goHome}
      onEdit={() => {
        navigate({ page: 'edit', name });
      }}
      onDuplicated={followCreation}
      onSaveAsImage={() => {
        askImage({ kind: 'commit', sandbox: name });
      }}
      onSnapshot={() => {
        askSandbox({ kind: 'snapshot', name });
      }}
      onBranch={() => {
        askSandbox({ kind: 'branch', name });
      }}
      work={<SandboxWork name={name} />}
      cancel={latest !== undefined && <CancelButton operation={latest} />}
      progress={latest !== undefined && <LatestStart operation={latest} sandbox={sandbox} />}
    />
  );
}

function goHome() {
  navigate({ page: 'home' });
}

/** The stages of the last start: in full while they matter, folded once it runs. */
function LatestStart(props: { readonly operation: Operation; readonly sandbox: Sandbox }) {
  const { operation, sandbox } = props;
  const { t } = useTranslation('app');
  const isOver = operation.state !== 'running';
  if (isOver && sandbox.state !== 'running' && operation.state !== 'failed') return null;
  const { error, subject } = operation;
  if (operation.state !== 'succeeded') {
    return (
      <OperationProgress
        operation={operation}
        actions={error !== undefined && <ErrorSteps error={error} reference={subject} />}
      />
    );
  }
  return (
    <details className="timeline">
      <summary>{t('sandbox.howItStarted', { summary: summariseOperation(operation) })}</summary>
      <OperationProgress operation={operation} />
    </details>
  );
}

function CreationPage({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('app');
  const { subject: name, state } = operation;
  const titles = {
    running: t('sandbox.creating', { name }),
    failed: t('sandbox.notCreated', { name }),
    cancelled: t('sandbox.cancelled', { name }),
    succeeded: name,
  };
  return (
    <Page title={<h1>{titles[state]}</h1>} actions={<CancelButton operation={operation} />}>
      <OperationProgress
        operation={operation}
        actions={<WaysOn name={name} failure={operation.error} />}
      />
    </Page>
  );
}

/** After a creation that came to nothing: the same again, or something else. */
function WaysOn(props: { readonly name: string; readonly failure: ErrorData | undefined }) {
  const { name, failure } = props;
  const { t } = useTranslation('app');
  const { connection } = useBridge();
  const submitted = useStore(sandboxStore, (state) => state.submitted[name]);
  const [error, setError] = useState<ErrorData>();
  const [isTrying, setIsTrying] = useState(false);
  const tryAgain = async () => {
    if (submitted === undefined) return;
    setIsTrying(true);
    setError(undefined);
    const result = await createSandbox(connection.client, submitted);
    setIsTrying(false);
    if (result.ok) followCreation(result.operation);
    else setError(result.error);
  };
  return (
    <>
      {submitted !== undefined && (
        <Button
          icon={RotateCw}
          variant="primary"
          disabled={isTrying}
          onClick={() => {
            void tryAgain();
          }}
        >
          {t('sandbox.tryAgain')}
        </Button>
      )}
      <Button
        icon={Pencil}
        onClick={() => {
          const request = submitted && parseCreateRequest(submitted).request;
          if (request !== undefined) resetDraft(draftOf(request));
          navigate({ page: 'create' });
        }}
      >
        {t('sandbox.edit')}
      </Button>
      {failure !== undefined && submitted !== undefined && (
        <ErrorSteps error={failure} reference={submitted.image} />
      )}
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
    </>
  );
}

/** Word that there is no sandbox of this name. */
export function NoSandbox({ name }: { readonly name: string }) {
  const { t } = useTranslation('app');
  return (
    <Page title={<h1>{name}</h1>}>
      <EmptyState
        icon={Box}
        title={t('sandbox.none', { name })}
        action={
          <a className="button" href={formatRoute({ page: 'home' })}>
            {t('sandbox.all')}
          </a>
        }
      >
        {t('sandbox.noneWhy')}
      </EmptyState>
    </Page>
  );
}

import {
  Box,
  Brush,
  Camera,
  FileInput,
  FolderTree,
  Hammer,
  HardDrive,
  KeyRound,
  Plus,
  Power,
  RotateCw,
  Search,
  Wrench,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../main/contract/error.ts';
import type { Operation } from '../../main/contract/operation.ts';
import { describeError, toErrorData } from '../bridge/bridge-error.ts';
import { useBridge } from '../bridge/bridge-context.tsx';
import { pushImage } from '../features/images/image-actions.ts';
import { askImage, imageStore, type ImageQuestion } from '../features/images/image-store.ts';
import { placeOfTransfer } from '../features/operations/operation-selectors.ts';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { registryOf, sandboxesOf } from '../words/error-words.ts';
import { imageLinks } from './image-links.ts';
import { formatRoute } from './routes.ts';
import { askSandbox } from './sandbox-dialogs.tsx';

/** Most images or sandboxes that links lead to from one operation. */
const maxLinks = 3;

/** The ways on from an operation that has ended. */
export function NextSteps({ operation }: { readonly operation: Operation }) {
  const { state, error, subject } = operation;
  if (state === 'running') return null;
  if (state === 'succeeded') return <AfterSuccess operation={operation} />;
  return (
    <>
      <TryAgain operation={operation} />
      {error !== undefined && <ErrorSteps error={error} reference={subject} />}
    </>
  );
}

/** The same once more: at once where all is known that was asked for, else by the dialog that asks. */
function TryAgain({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('app');
  const { id, kind, subject } = operation;
  const push = useStore(imageStore, ({ pushes }) => pushes[id]);
  switch (kind) {
    case 'pull':
      return (
        <Again
          label={t('steps.tryAgain')}
          run={({ images }) => images.pull({ reference: subject })}
        />
      );
    case 'push':
      return (
        push && <Again label={t('steps.tryAgain')} run={(client) => pushImage(client, push)} />
      );
    case 'import':
      // What came from another program has no path.
      return (
        subject.startsWith('/') && (
          <Ask icon={FileInput} label={t('steps.import')} question={{ kind, path: subject }} />
        )
      );
    case 'build':
      return <Ask icon={Hammer} label={t('steps.build')} question={{ kind }} />;
    case 'commit':
      return (
        <Ask icon={RotateCw} label={t('steps.saveAsImage')} question={{ kind, sandbox: subject }} />
      );
    case 'check':
      return (
        <Again label={t('steps.tryAgain')} run={({ images }) => images.check({ mend: false })} />
      );
    case 'create':
    case 'start':
    case 'restart':
    case 'suspend':
      return <SandboxStep name={subject} />;
    case 'snapshot':
    case 'restore':
    case 'branch':
    case 'compare':
      return <SnapshotsStep name={subject} />;
    case 'upload':
    case 'download':
      return <TransferStep operation={operation} />;
    case 'export':
      return null;
  }
}

function SandboxStep({ name }: { readonly name: string }) {
  const { t } = useTranslation('app');
  return (
    <a className="button" href={formatRoute({ page: 'sandbox', name })}>
      <Box className="icon" aria-hidden />
      {t('steps.open', { name })}
    </a>
  );
}

/** A comparison of two snapshots has the name of one of them, and leads nowhere. */
function SnapshotsStep({ name }: { readonly name: string }) {
  const { t } = useTranslation('app');
  const isThere = useStore(sandboxStore, (state) => selectSandbox(name)(state) !== undefined);
  if (!isThere) return null;
  return (
    <a className="button" href={formatRoute({ page: 'sandbox', name, section: 'snapshots' })}>
      <Camera className="icon" aria-hidden />
      {t('steps.snapshots', { name })}
    </a>
  );
}

/** To the directory that files went to or came from. */
function TransferStep({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('app');
  const place = placeOfTransfer(operation);
  if (place === undefined) return null;
  const { sandbox: name, path } = place;
  return (
    <a className="button" href={formatRoute({ page: 'sandbox', name, section: 'files', path })}>
      <FolderTree className="icon" aria-hidden />
      {t('steps.files', { name })}
    </a>
  );
}

function Ask(props: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly question: ImageQuestion;
}) {
  return (
    <Button
      icon={props.icon}
      onClick={() => {
        askImage(props.question);
      }}
    >
      {props.label}
    </Button>
  );
}

/** Buttons for what an error says to do; `reference` is what was asked for: an image, or a sandbox. */
export function ErrorSteps(props: { readonly error: ErrorData; readonly reference: string }) {
  const { error, reference } = props;
  const { t } = useTranslation('app');
  switch (error.code) {
    case 'registry/unauthorized':
    case 'registry/wrong-password':
    case 'registry/forbidden':
    case 'registry/tls-failed':
    case 'registry/unreachable':
    case 'registry/name-unknown':
    case 'credentials/unreadable': {
      const registry = registryOf(error, reference);
      return (
        <a
          className="button"
          href={formatRoute({
            page: 'registries',
            ...(registry === undefined ? {} : { registry }),
          })}
        >
          <KeyRound className="icon" aria-hidden />
          {t('steps.openRegistries')}
        </a>
      );
    }
    case 'store/no-space':
      return (
        <>
          <Ask icon={Brush} label={t('steps.prune')} question={{ kind: 'prune' }} />
          <a className="button" href={formatRoute({ page: 'disk' })}>
            <HardDrive className="icon" aria-hidden />
            {t('steps.diskUsage')}
          </a>
        </>
      );
    case 'image/in-use':
      return sandboxesOf(error).map((name) => (
        <a key={name} className="button" href={formatRoute({ page: 'sandbox', name })}>
          <Box className="icon" aria-hidden />
          {name}
        </a>
      ));
    case 'suspend/unusable':
    case 'vm/restore-failed':
      return (
        <Button
          icon={Power}
          onClick={() => {
            askSandbox({ kind: 'startFromDisk', name: reference });
          }}
        >
          {t('steps.startFromDisk')}
        </Button>
      );
    case 'store/corrupt':
      return (
        <Again label={t('steps.checkStore')} run={({ images }) => images.check({ mend: false })} />
      );
    default:
      return null;
  }
}

function AfterSuccess({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('app');
  const { kind, outcome, subject } = operation;
  const { findings = [], references = [] } = outcome ?? {};
  switch (kind) {
    case 'pull':
    case 'import':
    case 'commit':
    case 'build': {
      const isSubject = references.length === 0 && (kind === 'pull' || kind === 'build');
      const images = isSubject ? [subject] : references;
      return images
        .slice(0, maxLinks)
        .map((reference) => <ImageSteps key={reference} reference={reference} />);
    }
    case 'check':
      // What is still wrong after it was mended, mending does not mend.
      return findings.length > 0 && !subject.endsWith('mending') ? (
        <Again
          label={t('steps.mend')}
          icon="mend"
          run={({ images }) => images.check({ mend: true })}
        />
      ) : null;
    case 'create':
    case 'start':
    case 'restart':
    case 'suspend':
      return <SandboxStep name={subject} />;
    case 'branch':
      return (outcome?.sandboxes ?? [])
        .slice(0, maxLinks)
        .map((name) => <SandboxStep key={name} name={name} />);
    case 'snapshot':
    case 'restore':
    case 'compare':
      return <SnapshotsStep name={subject} />;
    case 'upload':
    case 'download':
      return <TransferStep operation={operation} />;
    case 'push':
    case 'export':
      return null;
  }
}

function ImageSteps({ reference }: { readonly reference: string }) {
  const { t } = useTranslation('app');
  return (
    <>
      <a
        className="button"
        href={imageLinks.create(reference)}
        aria-label={t('steps.newSandboxFrom', { reference })}
      >
        <Plus className="icon" aria-hidden />
        {t('steps.newSandbox')}
      </a>
      <a
        className="button"
        href={imageLinks.image(reference)}
        aria-label={t('steps.inspectOf', { reference })}
      >
        <Search className="icon" aria-hidden />
        {t('steps.inspect')}
      </a>
    </>
  );
}

/** Begins further work, which is then among the tasks; an error stays beside the button. */
function Again(props: {
  readonly label: string;
  readonly icon?: 'mend';
  readonly run: (client: ReturnType<typeof useBridge>['connection']['client']) => Promise<unknown>;
}) {
  const { connection } = useBridge();
  const [error, setError] = useState<ErrorData>();
  const [isBusy, setIsBusy] = useState(false);
  const begin = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      await props.run(connection.client);
    } catch (thrown) {
      setError(toErrorData(thrown));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      <Button
        icon={props.icon === 'mend' ? Wrench : RotateCw}
        disabled={isBusy}
        onClick={() => {
          void begin();
        }}
      >
        {props.label}
      </Button>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
    </>
  );
}

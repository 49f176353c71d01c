import {
  CopyPlus,
  Download,
  EllipsisVertical,
  ExternalLink,
  Layers,
  Pencil,
  Play,
  RotateCw,
  Square,
  SquareTerminal,
  Trash2,
  Copy,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { formatCommandLine } from '../../../main/contract/config/command-line.ts';
import { formatConfigYaml } from '../../../main/contract/config/config-text.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { commandOfError, describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/clipboard.ts';
import { CopyButton, CopyIconButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ActionMenu } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { saveText } from '../../ui/save-text.ts';
import { DuplicateDialog } from './duplicate-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { actOnSandbox, dismissActionError, isAlive } from './sandbox-actions.ts';
import type { OverviewLinks } from './overview/overview-links.ts';
import { Overview } from './overview/overview.tsx';
import { sandboxStore } from './sandbox-store.ts';
import { StateMark } from './state-mark.tsx';

/** Props of {@link SandboxView}. */
export interface SandboxViewProps {
  readonly sandbox: Sandbox;
  /** How its last start went or goes. */
  readonly progress: ReactNode;
  /** Ends the start that is under way. */
  readonly cancel: ReactNode;
  readonly onTerminal: (sandbox: Sandbox) => void;
  /** Opens a shell of it outside of the window. */
  readonly onSystemTerminal: (sandbox: Sandbox) => void;
  readonly links: OverviewLinks;
  /** The links between the sections of its page. */
  readonly tabs: ReactNode;
  /** The section that is shown; absent for the overview. */
  readonly section?: ReactNode;
  /** The sandbox was removed from here, and the page has nothing left to show. */
  readonly onRemoved: () => void;
  readonly onEdit: () => void;
  readonly onDuplicated: (operation: Operation) => void;
  /** Asks for the name of the image that it becomes. */
  readonly onSaveAsImage: () => void;
}

/** One sandbox: its state, what can be done to it, and all that is known of it. */
export function SandboxView(props: SandboxViewProps) {
  const { sandbox, progress, cancel, links, section } = props;
  const { name, state, lastError } = sandbox;
  const { t } = useTranslation('sandboxes');
  const actionError = useStore(sandboxStore, (store) => store.actionErrors[name]);
  return (
    <Page
      title={
        <>
          <span className="copyable">
            <h1>{name}</h1>
            <CopyIconButton text={name} what={t('copy.name')} />
          </span>
          <StateMark state={state} />
        </>
      }
      tabs={props.tabs}
      actions={
        <>
          {cancel}
          <SandboxButtons {...props} />
        </>
      }
    >
      {actionError !== undefined && (
        <ErrorNotice
          {...describeError(actionError)}
          actions={<CopyCommand error={actionError} />}
          onDismiss={() => {
            dismissActionError(name);
          }}
        />
      )}
      {lastError !== undefined && !isAlive(state) && <ErrorNotice {...describeError(lastError)} />}
      {state !== 'running' && progress}
      {section ?? <Overview sandbox={sandbox} links={links} progress={progress} />}
    </Page>
  );
}

/** The command that does the same by hand, where there is one. */
function CopyCommand({ error }: { readonly error: ErrorData }) {
  const { t } = useTranslation('sandboxes');
  const command = commandOfError(error);
  if (command === undefined) return null;
  return <CopyButton text={() => command} label={t('copyCommand')} />;
}

function SandboxButtons(
  props: Pick<
    SandboxViewProps,
    | ('sandbox' | 'onTerminal' | 'onSystemTerminal' | 'onRemoved')
    | ('onEdit' | 'onDuplicated' | 'onSaveAsImage')
  >,
) {
  const { connection } = useBridge();
  const { t } = useTranslation('sandboxes');
  const { sandbox, onTerminal, onRemoved } = props;
  const { name, state, config, id } = sandbox;
  const pending = useStore(sandboxStore, (store) => store.pending[name]);
  const [isRemoving, setIsRemoving] = useState(false);
  const [isDuplicating, setIsDuplicating] = useState(false);
  const isRunning = state === 'running';
  const act = (action: 'start' | 'stop' | 'restart') => () => {
    void actOnSandbox(connection.client, sandbox, action);
  };
  return (
    <>
      {isAlive(state) ? (
        <Button
          icon={Square}
          iconClassName="icon-solid"
          disabled={!isRunning || pending !== undefined}
          onClick={act('stop')}
        >
          {state === 'stopping' || pending === 'stop' ? t('stopping') : t('stop')}
        </Button>
      ) : (
        <Button icon={Play} disabled={pending !== undefined} onClick={act('start')}>
          {t('start')}
        </Button>
      )}
      <Button
        icon={RotateCw}
        disabled={!isRunning || pending !== undefined}
        onClick={act('restart')}
      >
        {t('restart')}
      </Button>
      <ActionMenu
        trigger={<IconButton icon={EllipsisVertical} label={t('more')} />}
        entries={[
          {
            label: t('menu.systemTerminal'),
            icon: ExternalLink,
            isDisabled: !isRunning,
            onSelect: () => {
              props.onSystemTerminal(sandbox);
            },
          },
          {
            label: t('menu.edit'),
            icon: Pencil,
            isDisabled: state === 'creating',
            onSelect: props.onEdit,
          },
          {
            label: t('menu.duplicate'),
            icon: CopyPlus,
            isDisabled: state === 'creating',
            onSelect: () => {
              setIsDuplicating(true);
            },
          },
          {
            label: t('menu.saveAsImage'),
            icon: Layers,
            // A directory or disk is no image that a layer could lie above.
            isDisabled: state === 'creating' || sandbox.root?.kind !== 'image',
            onSelect: props.onSaveAsImage,
          },
          {
            label: t('menu.exportYaml'),
            icon: Download,
            onSelect: () => {
              saveText(`${name}.yaml`, formatConfigYaml(config));
            },
          },
          {
            label: t('menu.copyCommandLine'),
            icon: Copy,
            onSelect: () => void copyText(formatCommandLine(config)),
          },
          {
            label: t('menu.copyYaml'),
            icon: Copy,
            onSelect: () => void copyText(formatConfigYaml(config)),
          },
          { label: t('menu.copyId'), icon: Copy, onSelect: () => void copyText(id) },
          {
            label: t('menu.remove'),
            icon: Trash2,
            isDangerous: true,
            isDisabled: pending !== undefined,
            onSelect: () => {
              setIsRemoving(true);
            },
          },
        ]}
      />
      <Button
        icon={SquareTerminal}
        variant="primary"
        disabled={!isRunning}
        onClick={() => {
          onTerminal(sandbox);
        }}
      >
        {t('terminal')}
      </Button>
      <DuplicateDialog
        sandbox={sandbox}
        isOpen={isDuplicating}
        onClose={() => {
          setIsDuplicating(false);
        }}
        onDuplicated={props.onDuplicated}
      />
      <RemoveDialog
        sandbox={sandbox}
        onRemoved={onRemoved}
        isOpen={isRemoving}
        onClose={() => {
          setIsRemoving(false);
        }}
      />
    </>
  );
}

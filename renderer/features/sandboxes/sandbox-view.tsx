import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { commandOfError, describeError } from '../../bridge/bridge-error.ts';
import { CopyButton, CopyIconButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/page.tsx';
import type { OverviewLinks } from './overview/overview-links.ts';
import { Overview } from './overview/overview.tsx';
import { dismissActionError } from './sandbox-actions.ts';
import { SandboxButtons, type SandboxWays } from './sandbox-buttons.tsx';
import { sandboxStore } from './sandbox-store.ts';
import { StateMark } from './state-mark.tsx';
import { isAlive } from './state-rules.ts';

/** Props of {@link SandboxView}. */
export interface SandboxViewProps extends SandboxWays {
  readonly sandbox: Sandbox;
  /** How its last start went or goes. */
  readonly progress: ReactNode;
  /** Work on it that is no start, while it goes on or after it failed. */
  readonly work: ReactNode;
  /** Ends the start that is under way. */
  readonly cancel: ReactNode;
  readonly links: OverviewLinks;
  /** The links between the sections of its page. */
  readonly tabs: ReactNode;
  /** The section that is shown; absent for the overview. */
  readonly section?: ReactNode;
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
      {props.work}
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

import { CircleCheck, CircleX, RefreshCw, TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import type { HostCheck, HostReport } from '../../../main/contract/host.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { CopyButton, Copyable } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMiB } from '../../ui/format.ts';
import { Facts, Page } from '../../ui/page.tsx';
import { checkHost, hostStore } from './host-store.ts';
import './host-view.css';

const marks = {
  pass: { icon: CircleCheck, word: 'Passed' },
  warn: { icon: TriangleAlert, word: 'Warning' },
  fail: { icon: CircleX, word: 'Failed' },
} as const;

const accelerators = {
  kvm: 'KVM (hardware)',
  hvf: 'Hypervisor.framework (hardware)',
  tcg: 'TCG (software emulation)',
} as const;

/** What this machine can do, what is missing and the command that mends it. */
export function HostView() {
  const { connection } = useBridge();
  const { report, error, isChecking } = useStore(hostStore);
  const recheck = () => {
    void checkHost(connection.client);
  };
  const actions = (
    <>
      {report !== undefined && (
        <CopyButton label="Copy report" text={() => JSON.stringify(report, null, 2)} />
      )}
      <Button icon={RefreshCw} onClick={recheck} disabled={isChecking}>
        {isChecking ? 'Checking…' : 'Re-check'}
      </Button>
    </>
  );
  return (
    <Page title={<h1>Host</h1>} actions={actions}>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {report === undefined ? (
        error === undefined && <p className="quiet">Looking at what this machine can do…</p>
      ) : (
        <>
          <Checks checks={report.checks} />
          <HostFacts report={report} />
        </>
      )}
    </Page>
  );
}

function Checks({ checks }: { readonly checks: readonly HostCheck[] }) {
  return (
    <ul className="checks" aria-label="Checks">
      {checks.map((check) => {
        const { icon: Icon, word } = marks[check.result];
        return (
          <li key={check.id} className={`check check-${check.result}`}>
            <Icon className="icon" aria-hidden />
            <div className="section">
              <h2>
                {check.title} <span className="check-word">{word}</span>
              </h2>
              <p className="check-evidence">{check.evidence}</p>
              {check.fix !== undefined && (
                <CopyBlock text={check.fix} what={`fix for ${check.title}`} />
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function HostFacts({ report }: { readonly report: HostReport }) {
  const { accelerator, acceleratorNote, host, stateDir, version } = report;
  return (
    <section className="section" aria-label="About this host">
      <h2>About this host</h2>
      {acceleratorNote !== undefined && <p className="quiet">{acceleratorNote}</p>}
      <Facts
        facts={[
          { label: 'Accelerator', value: accelerators[accelerator] },
          { label: 'Platform', value: report.platform },
          { label: 'CPUs', value: report.cpus },
          { label: 'Memory', value: formatMiB(report.memoryMiB) },
          { label: 'State folder', value: <Copyable value={stateDir} what="state folder" /> },
          {
            label: 'Host process',
            value:
              host === null ? (
                'none'
              ) : (
                <Copyable value={String(host.pid)} what="process id of the host process" />
              ),
          },
          ...(host === null
            ? []
            : [{ label: 'Socket', value: <Copyable value={host.socket} what="socket" /> }]),
          { label: 'Skerry', value: <Copyable value={version} what="version" /> },
        ]}
      />
    </section>
  );
}

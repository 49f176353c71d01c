import { CircleCheck, CircleX, RefreshCw, Stethoscope, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { HostCheck, HostReport } from '../../../main/contract/host.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { CopyButton, Copyable, CopyIconButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMiB } from '../../ui/format.ts';
import { Facts, Page } from '../../ui/page.tsx';
import { Warning } from '../../ui/warning.tsx';
import { openDiagnostics } from './diagnostics-store.ts';
import { titleOfCheck } from './check-title.ts';
import { checkHost, hostStore } from './host-store.ts';
import { TemplatesSection } from './templates-section.tsx';
import './host-view.css';

const icons = { pass: CircleCheck, warn: TriangleAlert, fail: CircleX } as const;

/** What this machine can do, what is missing and the command that mends it. */
export function HostView(props: {
  /** Goes on to what one wanted; only where the page has come by itself, before anything else. */
  readonly onContinue?: () => void;
}) {
  const { onContinue } = props;
  const { t } = useTranslation('host');
  const { client } = useBridge().connection;
  const { report, error, isChecking } = useStore(hostStore);
  const actions = (
    <>
      <Button icon={Stethoscope} onClick={() => void openDiagnostics(client)}>
        {t('diagnostics.open')}
      </Button>
      {report !== undefined && (
        <CopyButton label={t('copyReport')} text={() => JSON.stringify(report, null, 2)} />
      )}
      <Button icon={RefreshCw} onClick={() => void checkHost(client)} disabled={isChecking}>
        {isChecking ? t('checking') : t('recheck')}
      </Button>
      {onContinue !== undefined && (
        <Button variant="primary" onClick={onContinue}>
          {t('continue')}
        </Button>
      )}
    </>
  );
  return (
    <Page title={<h1>{t('title')}</h1>} actions={actions}>
      {onContinue !== undefined && <p className="host-welcome">{t('welcome')}</p>}
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {report === undefined ? (
        error === undefined && <p className="quiet">{t('looking')}</p>
      ) : (
        <>
          {report.acceleratorNote !== undefined && <Warning>{report.acceleratorNote}</Warning>}
          <Checks checks={report.checks} />
          <TemplatesSection />
          <HostFacts report={report} />
        </>
      )}
    </Page>
  );
}

function Checks({ checks }: { readonly checks: readonly HostCheck[] }) {
  const { t } = useTranslation('host');
  return (
    <ul className="checks" aria-label={t('checksLabel')}>
      {checks.map((check, index) => (
        // Several sandboxes that cannot be read are several checks of one id.
        <CheckRow key={`${check.id} ${String(index)}`} check={check} />
      ))}
    </ul>
  );
}

function CheckRow({ check }: { readonly check: HostCheck }) {
  const { t } = useTranslation('host');
  const { client } = useBridge().connection;
  const { isChecking, awaited } = useStore(hostStore);
  const { id, result, evidence, fix } = check;
  const Icon = icons[result];
  const title = titleOfCheck(check);
  const isAwaited = isChecking && awaited === id;
  return (
    <li className={`check check-${result}`}>
      <Icon className="icon" aria-hidden />
      <div className="section">
        <div className="check-head">
          <h2>
            {title}{' '}
            <span className="check-word">{isAwaited ? t('checking') : t(`words.${result}`)}</span>
          </h2>
          <IconButton
            icon={RefreshCw}
            iconClassName={isAwaited ? 'spinning' : ''}
            label={t('recheckOne', { title })}
            // Disabled it would lose the focus, which somebody waits with.
            aria-disabled={isChecking}
            onClick={() => {
              if (!isChecking) void checkHost(client, hostStore, id);
            }}
          />
        </div>
        <p className="check-evidence">
          {evidence} <CopyIconButton text={evidence} what={t('evidenceOf', { title })} />
        </p>
        {fix !== undefined && <CopyBlock text={fix} what={t('fixFor', { title })} />}
      </div>
    </li>
  );
}

function HostFacts({ report }: { readonly report: HostReport }) {
  const { t } = useTranslation('host');
  const { accelerator, host, stateDir, version } = report;
  return (
    <section className="section" aria-label={t('about')}>
      <h2>{t('about')}</h2>
      <Facts
        facts={[
          { label: t('facts.accelerator'), value: t(`accelerators.${accelerator}`) },
          { label: t('facts.platform'), value: report.platform },
          { label: t('facts.cpus'), value: report.cpus },
          { label: t('facts.memory'), value: formatMiB(report.memoryMiB) },
          {
            label: t('facts.stateFolder'),
            value: <Copyable value={stateDir} what={t('facts.what.stateFolder')} />,
          },
          {
            label: t('facts.hostProcess'),
            value:
              host === null ? (
                t('facts.none')
              ) : (
                <Copyable value={String(host.pid)} what={t('facts.what.hostProcess')} />
              ),
          },
          ...(host === null
            ? []
            : [
                {
                  label: t('facts.socket'),
                  value: <Copyable value={host.socket} what={t('facts.what.socket')} />,
                },
              ]),
          {
            label: 'Skerry',
            value: <Copyable value={version} what={t('facts.what.version')} />,
          },
        ]}
      />
    </section>
  );
}

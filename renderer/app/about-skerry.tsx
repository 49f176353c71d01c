import { Server, Stethoscope } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../bridge/bridge-context.tsx';
import { openDiagnostics } from '../features/host/diagnostics-store.ts';
import { hostStore } from '../features/host/host-store.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copy.tsx';
import { Facts } from '../ui/page.tsx';
import { formatRoute } from './routes.ts';

/** What this program is, where it keeps things, and the ways to help with it. */
export function AboutSkerry() {
  const { t } = useTranslation('settings');
  const { client } = useBridge().connection;
  const report = useStore(hostStore, (state) => state.report);
  return (
    <>
      <Facts
        facts={[
          ...(report === undefined
            ? []
            : [
                {
                  label: t('about.version'),
                  value: <Copyable value={report.version} what={t('about.copyVersion')} />,
                },
                { label: t('about.platform'), value: report.platform },
                {
                  label: t('about.stateFolder'),
                  value: <Copyable value={report.stateDir} what={t('about.copyStateFolder')} />,
                },
              ]),
          { label: t('about.licence'), value: 'Apache-2.0' },
        ]}
      />
      <div className="error-notice-actions">
        <a className="button" href={formatRoute({ page: 'host' })}>
          <Server className="icon" aria-hidden />
          {t('about.host')}
        </a>
        <Button icon={Stethoscope} onClick={() => void openDiagnostics(client)}>
          {t('about.diagnostics')}
        </Button>
      </div>
    </>
  );
}

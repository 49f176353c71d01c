import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { Warning } from '../../../ui/warning.tsx';
import { isAlive } from '../state-rules.ts';
import { BootTimeline } from '../boot/boot-timeline.tsx';
import { LiveStrip } from './live-strip.tsx';
import type { OverviewLinks } from './overview-links.ts';
import { SandboxFacts } from './sandbox-facts.tsx';
import './overview.css';

/** All that is known of a sandbox, with what it does now beside it. */
export function Overview(props: {
  readonly sandbox: Sandbox;
  readonly links: OverviewLinks;
  /** How its last start went, where that was more than a start. */
  readonly progress: ReactNode;
}) {
  const { sandbox, links, progress } = props;
  const { t } = useTranslation('sandboxes');
  const isRunning = sandbox.state === 'running';
  return (
    <section className="section" aria-label={t('overview')}>
      {sandbox.accelerator === 'tcg' && isAlive(sandbox.state) && (
        <Warning>
          {t('emulated')} <a href={links.host}>{t('emulatedLink')}</a>
        </Warning>
      )}
      <div className={isRunning ? 'overview overview-live' : 'overview'}>
        <SandboxFacts sandbox={sandbox} links={links} />
        {isRunning && <LiveStrip sandbox={sandbox} links={links} />}
      </div>
      <BootTimeline key={sandbox.id} sandbox={sandbox} />
      {isRunning && progress}
    </section>
  );
}

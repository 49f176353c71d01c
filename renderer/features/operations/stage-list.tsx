import { Check, Circle, CircleX, LoaderCircle, Minus, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Stage } from '../../../main/contract/operation.ts';
import { formatBytes, formatBytesOf, formatDuration } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useNow } from '../../ui/time.tsx';
import { estimateLeftMs, type StageRate } from '../../../main/contract/stage-rate.ts';
import './stage-list.css';

const icons: Record<Stage['state'], LucideIcon> = {
  waiting: Circle,
  active: LoaderCircle,
  done: Check,
  failed: CircleX,
  skipped: Minus,
};

/** The stages of an operation with their times, and bytes where they move some. */
export function StageList(props: {
  readonly stages: readonly Stage[];
  readonly rates: Readonly<Record<string, StageRate>> | undefined;
}) {
  const { t } = useTranslation('operations');
  return (
    <ol className="stages" aria-label={t('stages')}>
      {props.stages.map((stage) => (
        <StageRow key={stage.key} stage={stage} rate={props.rates?.[stage.key]} />
      ))}
    </ol>
  );
}

function StageRow({
  stage,
  rate,
}: {
  readonly stage: Stage;
  readonly rate?: StageRate | undefined;
}) {
  const { t } = useTranslation('operations');
  const Icon = icons[stage.state];
  const isActive = stage.state === 'active';
  return (
    <li className={`stage stage-${stage.state}`} aria-current={isActive ? 'step' : undefined}>
      <Icon className={isActive ? 'icon spinning' : 'icon'} aria-hidden />
      <span className="stage-label">
        {stage.label}
        <span className="visually-hidden">, {t(`stageStates.${stage.state}`)}</span>
      </span>
      <StageBytes stage={stage} rate={rate} />
      {stage.note !== undefined && <span className="quiet">{stage.note}</span>}
      <StageTime stage={stage} />
    </li>
  );
}

function StageBytes({
  stage,
  rate,
}: {
  readonly stage: Stage;
  readonly rate: StageRate | undefined;
}) {
  const { t } = useTranslation('operations');
  const { bytesDone, bytesTotal } = stage;
  if (bytesTotal === undefined || bytesTotal === 0) return null;
  if (stage.state !== 'active' || bytesDone === undefined) {
    return <span className="quiet">{formatBytes(bytesTotal)}</span>;
  }
  const speed = rate?.bytesPerSecond;
  const leftMs = estimateLeftMs(stage, rate);
  return (
    <>
      <ProgressBar label={stage.label} value={bytesDone} max={bytesTotal} />
      <span className="stage-bytes">{formatBytesOf(bytesDone, bytesTotal)}</span>
      {speed !== undefined && <span className="quiet">{formatBytes(speed)}/s</span>}
      {leftMs !== undefined && bytesDone < bytesTotal && (
        <span className="quiet">{t('left', { time: formatDuration(leftMs) })}</span>
      )}
    </>
  );
}

function StageTime({ stage }: { readonly stage: Stage }) {
  const nowMs = useNow(stage.state === 'active' ? 100 : undefined);
  if (stage.startedAtMs === undefined) return null;
  const endMs = stage.endedAtMs ?? (stage.state === 'active' ? nowMs : stage.startedAtMs);
  return <span className="stage-time">{formatDuration(endMs - stage.startedAtMs)}</span>;
}

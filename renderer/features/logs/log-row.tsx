import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../../../main/contract/logs.ts';
import { formatExactTime } from '../../ui/format.ts';
import { SgrText } from '../../ui/sgr-text.tsx';
import type { LogSettings } from './log-settings.ts';
import { formatClock, formatOffset, originOf } from './log-text.ts';

/** One line: when, what said it, and the text. */
export const LogRow = memo(function LogRow(props: {
  readonly line: LogLine;
  readonly times: LogSettings['times'];
  /** What the offsets are from. */
  readonly fromMs: number;
  readonly search: string;
  readonly isCurrent: boolean;
}) {
  const { line, times, fromMs, search, isCurrent } = props;
  const { t } = useTranslation('logs');
  const { atMs, text } = line;
  const origin = originOf(line);
  return (
    <div className={isCurrent ? 'log-row log-row-current' : 'log-row'}>
      {times !== 'none' && (
        <time dateTime={new Date(atMs).toISOString()} title={formatExactTime(atMs)}>
          {times === 'clock' ? formatClock(atMs) : formatOffset(atMs, fromMs)}
        </time>
      )}
      <span className={`log-origin log-origin-${origin}`}>{t(`origins.${origin}`)}</span>
      <span className="log-text">
        <SgrText text={text} marked={search} />
      </span>
    </div>
  );
});

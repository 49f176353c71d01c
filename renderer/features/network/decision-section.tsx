import { Pause, Play } from 'lucide-react';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Decision } from '../../../main/contract/network.ts';
import { Button } from '../../ui/button.tsx';
import { Chips } from '../../ui/chips.tsx';
import { CopyIconButton } from '../../ui/copy.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatAgo, formatExactTime } from '../../ui/format.ts';
import { useNow } from '../../ui/time.tsx';
import { DecideButton, DecideMenu, type Choice } from './decide-menu.tsx';
import {
  filterDecisions,
  formatDecision,
  formatTarget,
  maxDecisions,
  type LogFilter,
} from './decision-log.ts';
import { pauseLog, type NetworkStore } from './network-store.ts';
import { VerdictMark } from './verdict-mark.tsx';

const rowsAtOnce = 200;

/** What the gateway has decided, the latest first, each entry with the way to decide otherwise. */
export function DecisionSection(props: {
  readonly store: NetworkStore;
  readonly isRunning: boolean;
  readonly onChoose: (choice: Choice) => void;
}) {
  const { t } = useTranslation('network');
  const { store, isRunning, onChoose } = props;
  const latest = useStore(store, ({ decisions }) => decisions);
  const held = useStore(store, (state) => state.held);
  const [filter, setFilter] = useState<LogFilter>({ text: '', verdict: 'all' });
  const [limit, setLimit] = useState(rowsAtOnce);
  const nowMs = useNow(10_000);
  // Typing goes before the rows.
  const wanted = useDeferredValue(filter);
  const decisions = held ?? latest;
  const found = useMemo(() => filterDecisions(decisions, wanted), [decisions, wanted]);
  const isPaused = held !== undefined;
  const newer = isPaused ? countNewer(latest, held) : 0;
  return (
    <section className="section network-log" aria-label={t('log.title')}>
      <div className="card-head">
        <h2>{t('log.title')}</h2>
        <Button
          icon={isPaused ? Play : Pause}
          disabled={latest.length === 0}
          onClick={() => {
            pauseLog(store, !isPaused);
          }}
        >
          {!isPaused
            ? t('log.pause')
            : newer > 0
              ? t('log.resumeNew', { count: newer })
              : t('log.resume')}
        </Button>
      </div>
      {decisions.length === 0 ? (
        <p className="quiet network-empty">{isRunning ? t('log.empty') : t('log.notRunning')}</p>
      ) : (
        <>
          <div className="network-filters">
            <TextField
              label={t('log.filter')}
              isLabelHidden
              value={filter.text}
              placeholder={t('log.filterPlaceholder')}
              onChange={(text) => {
                setFilter({ ...filter, text });
              }}
            />
            <Chips
              label={t('log.verdict')}
              value={filter.verdict}
              choices={[
                { value: 'all', label: t('log.all') },
                { value: 'allow', label: t('verdict.allow') },
                { value: 'deny', label: t('verdict.deny') },
              ]}
              onChange={(verdict) => {
                setFilter({ ...filter, verdict });
              }}
            />
          </div>
          <ol className="decisions" aria-label={t('log.decisions')}>
            {found.slice(0, limit).map((decision) => (
              <DecisionRow
                key={decision.id}
                decision={decision}
                ago={formatAgo(decision.atMs, Math.max(nowMs, decision.atMs))}
              />
            ))}
          </ol>
          {found.length === 0 && <p className="quiet">{t('log.noMatch')}</p>}
          <div className="network-more">
            {found.length > limit && (
              <Button
                onClick={() => {
                  setLimit(limit + rowsAtOnce);
                }}
              >
                {t('log.more')}
              </Button>
            )}
            <span className="quiet">
              {latest.length === maxDecisions
                ? t('log.countFull', { count: found.length })
                : t('log.count', { count: found.length })}
            </span>
          </div>
        </>
      )}
      <DecideMenu onChoose={onChoose} />
    </section>
  );
}

function countNewer(latest: readonly Decision[], held: readonly Decision[]): number {
  const known = new Map(held.map(({ id, count }) => [id, count]));
  return latest.filter(({ id, count }) => known.get(id) !== count).length;
}

/** Drawn anew when it changes, not with every decision that arrives. */
const DecisionRow = memo(function DecisionRow(props: {
  readonly decision: Decision;
  readonly ago: string;
}) {
  const { t } = useTranslation('network');
  const { decision, ago } = props;
  const { verdict, direction, protocol, address, name, count, rule, reason, atMs } = decision;
  return (
    <li className="decision">
      <VerdictMark verdict={verdict} />
      <div className="decision-what">
        <p>
          <span className="mono decision-target">{formatTarget(decision)}</span>
          {count > 1 && (
            <span className="decision-count" title={t('log.seen', { count })}>
              ×{count}
            </span>
          )}
          {name !== undefined && address !== undefined && (
            <span className="mono quiet">{address}</span>
          )}
        </p>
        <p className="quiet">
          {t(direction === 'egress' ? 'log.out' : 'log.in', { protocol: protocol.toUpperCase() })} ·{' '}
          <span className="mono">{rule}</span> · {reason}
        </p>
      </div>
      <time className="quiet" dateTime={new Date(atMs).toISOString()} title={formatExactTime(atMs)}>
        {ago}
      </time>
      <div className="decision-actions">
        <DecideButton decision={decision} />
        <CopyIconButton text={formatDecision(decision)} what={t('log.copyEntry')} />
      </div>
    </li>
  );
});

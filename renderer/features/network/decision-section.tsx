import { Pause, Play } from 'lucide-react';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Decision } from '../../../main/contract/network.ts';
import { Button } from '../../ui/button.tsx';
import { Chips } from '../../ui/chips.tsx';
import { CopyIconButton } from '../../ui/copy.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatAgo, formatExactTime, plural } from '../../ui/format.ts';
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

const verdictChoices = [
  { value: 'all', label: 'All' },
  { value: 'allow', label: 'Allowed' },
  { value: 'deny', label: 'Denied' },
] as const;

/** What the gateway has decided, the latest first, each entry with the way to decide otherwise. */
export function DecisionSection(props: {
  readonly store: NetworkStore;
  readonly isRunning: boolean;
  readonly onChoose: (choice: Choice) => void;
}) {
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
    <section className="section network-log" aria-label="Log">
      <div className="card-head">
        <h2>Log</h2>
        <Button
          icon={isPaused ? Play : Pause}
          disabled={latest.length === 0}
          onClick={() => {
            pauseLog(store, !isPaused);
          }}
        >
          {isPaused ? `Resume${newer > 0 ? ` (${String(newer)} new)` : ''}` : 'Pause'}
        </Button>
      </div>
      {decisions.length === 0 ? (
        <p className="quiet network-empty">
          {isRunning
            ? 'Each connection and each name that the sandbox asks for appears here, with the rule that let it through or kept it back.'
            : 'The log begins when the sandbox runs. Rules and ports can be changed now.'}
        </p>
      ) : (
        <>
          <div className="network-filters">
            <TextField
              label="Filter the log"
              isLabelHidden
              value={filter.text}
              placeholder="Name, address, port or rule"
              onChange={(text) => {
                setFilter({ ...filter, text });
              }}
            />
            <Chips
              label="Verdict"
              value={filter.verdict}
              choices={verdictChoices}
              onChange={(verdict) => {
                setFilter({ ...filter, verdict });
              }}
            />
          </div>
          <ol className="decisions" aria-label="Decisions">
            {found.slice(0, limit).map((decision) => (
              <DecisionRow
                key={decision.id}
                decision={decision}
                ago={formatAgo(decision.atMs, Math.max(nowMs, decision.atMs))}
              />
            ))}
          </ol>
          {found.length === 0 && <p className="quiet">No entry matches the filter.</p>}
          <div className="network-more">
            {found.length > limit && (
              <Button
                onClick={() => {
                  setLimit(limit + rowsAtOnce);
                }}
              >
                Show more
              </Button>
            )}
            <span className="quiet">
              {plural(found.length, 'entry', 'entries')}
              {latest.length === maxDecisions && '; earlier ones are gone'}
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
  const { decision, ago } = props;
  const { verdict, direction, protocol, address, name, count, rule, reason, atMs } = decision;
  return (
    <li className="decision">
      <VerdictMark verdict={verdict} />
      <div className="decision-what">
        <p>
          <span className="mono decision-target">{formatTarget(decision)}</span>
          {count > 1 && (
            <span className="decision-count" title={`Seen ${String(count)} times`}>
              ×{count}
            </span>
          )}
          {name !== undefined && address !== undefined && (
            <span className="mono quiet">{address}</span>
          )}
        </p>
        <p className="quiet">
          {protocol.toUpperCase()} {direction === 'egress' ? 'out' : 'in'} ·{' '}
          <span className="mono">{rule}</span> · {reason}
        </p>
      </div>
      <time className="quiet" dateTime={new Date(atMs).toISOString()} title={formatExactTime(atMs)}>
        {ago}
      </time>
      <div className="decision-actions">
        <DecideButton decision={decision} />
        <CopyIconButton text={formatDecision(decision)} what="entry" />
      </div>
    </li>
  );
});

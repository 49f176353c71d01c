import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { LineListHandle } from '../../ui/line-list.tsx';
import { LogActions } from './log-actions.tsx';
import { questionOf, wholeLog, type LogFilter } from './log-filter.ts';
import { LogFilters } from './log-filters.tsx';
import { LogScreen } from './log-screen.tsx';
import { LogSearch } from './log-search.tsx';
import { findLines } from './log-text.ts';
import { useLog } from './use-log.ts';
import './log-view.css';

/** Milliseconds after the last key until the host is asked. */
const typingMs = 250;

/** What a sandbox has said: followed, searched, copied; also after it has stopped. */
export function LogView({ sandbox }: { readonly sandbox: Sandbox }) {
  const { name, startedAtMs } = sandbox;
  const { t } = useTranslation('logs');
  const [filter, setFilter] = useState(wholeLog);
  const [{ filter: asked, atMs: askedAtMs }, setAsked] = useState(() => askNow(wholeLog));
  useEffect(() => {
    if (asked === filter) return;
    const timer = setTimeout(() => {
      setAsked(askNow(filter));
    }, typingMs);
    return () => {
      clearTimeout(timer);
    };
  }, [asked, filter]);
  // A range of minutes is from the moment in which it was chosen.
  const question = useMemo(
    () => questionOf(name, asked, askedAtMs, startedAtMs),
    [name, asked, askedAtMs, startedAtMs],
  );
  const { store, onStartNear } = useLog(question);
  const [isFollowing, setIsFollowing] = useState(true);
  const [current, setCurrent] = useState<number>();
  const list = useRef<LineListHandle>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const lines = useDeferredValue(useStore(store, ({ window }) => window.lines));
  const error = useStore(store, (state) => state.error);
  const matches = useMemo(() => findLines(lines, asked.search), [lines, asked.search]);
  const place = matches.findIndex((index) => lines[index]?.sequence === current);

  const change = (changed: Partial<LogFilter>, isTyped = false) => {
    const next = { ...filter, ...changed };
    setFilter(next);
    // What is chosen shows at once: later, the lines that one has gone on to would be replaced.
    if (!isTyped) setAsked(askNow(next));
    setCurrent(undefined);
    // Other lines: the latest of them first.
    setIsFollowing(true);
  };
  const step = (direction: 1 | -1) => {
    if (matches.length === 0) return;
    // The latest first: that is what is in sight.
    const from = place === -1 ? (direction === 1 ? -1 : 0) : place;
    const next = (from + direction + matches.length) % matches.length;
    const index = matches[next];
    if (index === undefined) return;
    setIsFollowing(false);
    setCurrent(lines[index]?.sequence);
    list.current?.scrollToIndex(index);
  };

  return (
    <section
      className="log-view page-fill"
      aria-label={t('title')}
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return;
        event.preventDefault();
        searchInput.current?.select();
      }}
    >
      <LogFilters filter={filter} onChange={change} />
      <div className="log-bar">
        <LogSearch
          inputRef={searchInput}
          text={filter.search}
          onText={(search) => {
            change({ search }, true);
          }}
          isNarrowed={filter.isNarrowed}
          onNarrowed={(isNarrowed) => {
            change({ isNarrowed });
          }}
          count={matches.length}
          place={place === -1 ? undefined : place}
          onStep={step}
        />
        <span className="log-filters-gap" />
        <CheckField label={t('follow')} isChecked={isFollowing} onChange={setIsFollowing} />
        <LogActions question={question} store={store} />
      </div>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      <LogScreen
        key={JSON.stringify(question)}
        name={name}
        store={store}
        startedAtMs={startedAtMs}
        search={asked.search}
        current={current}
        isFiltered={Object.keys(question).length > 1}
        onShowAll={() => {
          change(wholeLog);
        }}
        isFollowing={isFollowing}
        onFollowingChange={setIsFollowing}
        onStartNear={onStartNear}
        handle={list}
      />
    </section>
  );
}

function askNow(filter: LogFilter) {
  return { filter, atMs: Date.now() };
}

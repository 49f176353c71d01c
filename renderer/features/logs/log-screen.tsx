import { ArrowDownToLine, ScrollText } from 'lucide-react';
import { useCallback, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { LogLine } from '../../../main/contract/logs.ts';
import { Button } from '../../ui/button.tsx';
import { LineList, type LineListHandle } from '../../ui/line-list.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { LogRow } from './log-row.tsx';
import { logSettings } from './log-settings.ts';
import { hasRoomForPage, type LogStore } from './log-store.ts';

/** The lines, or word that there are none. */
export function LogScreen(props: {
  readonly name: string;
  readonly store: LogStore;
  readonly startedAtMs: number | undefined;
  readonly search: string;
  /** Sequence of the match that is shown. */
  readonly current: number | undefined;
  readonly isFiltered: boolean;
  readonly onShowAll: () => void;
  readonly isFollowing: boolean;
  readonly onFollowingChange: (isFollowing: boolean) => void;
  readonly onStartNear: () => void;
  readonly handle: Ref<LineListHandle>;
}) {
  const { name, store, search, current, isFollowing, onFollowingChange } = props;
  const { t } = useTranslation('logs');
  const { window, isLoaded, isLoadingEarlier } = useStore(store);
  const { isWrapped, times } = useStore(logSettings);
  const { lines, hasEarlier } = window;
  const fromMs = props.startedAtMs ?? lines[0]?.atMs ?? 0;
  const renderLine = useCallback(
    (line: LogLine) => (
      <LogRow
        line={line}
        times={times}
        fromMs={fromMs}
        search={search}
        isCurrent={line.sequence === current}
      />
    ),
    [times, fromMs, search, current],
  );
  const startWord = isLoadingEarlier
    ? t('loadingEarlier')
    : hasEarlier
      ? !hasRoomForPage(window) && t('isFull')
      : t('begins');
  if (!isLoaded) return <p className="quiet">{t('asking', { name })}</p>;
  if (lines.length === 0) {
    return (
      <EmptyState
        icon={ScrollText}
        title={props.isFiltered ? t('noneTitle') : t('emptyTitle')}
        action={props.isFiltered && <Button onClick={props.onShowAll}>{t('showAll')}</Button>}
      >
        {props.isFiltered ? t('none') : t('empty')}
      </EmptyState>
    );
  }
  return (
    <>
      <div className="log-screen">
        <LineList
          handle={props.handle}
          label={t('label', { name })}
          lines={lines}
          keyOf={sequenceOf}
          renderLine={renderLine}
          isWrapped={isWrapped}
          isFollowing={isFollowing}
          onFollowingChange={onFollowingChange}
          onStartNear={props.onStartNear}
          isReadAloud={isFollowing}
        />
        {!isFollowing && (
          <Button
            className="log-latest"
            icon={ArrowDownToLine}
            onClick={() => {
              onFollowingChange(true);
            }}
          >
            {t('latest')}
          </Button>
        )}
      </div>
      <p className="log-foot quiet">
        <span>{t('count', { count: lines.length })}</span>
        <span>{startWord}</span>
      </p>
    </>
  );
}

function sequenceOf({ sequence }: LogLine): number {
  return sequence;
}

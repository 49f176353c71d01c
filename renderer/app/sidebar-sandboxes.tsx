import { useVirtualizer, type Range } from '@tanstack/react-virtual';
import {
  memo,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SandboxState } from '../../main/contract/sandbox.ts';
import { sandboxStore } from '../features/sandboxes/sandbox-store.ts';
import { StateMark } from '../features/sandboxes/state-mark.tsx';
import { moveCursor } from '../ui/list-cursor.ts';
import { rangeWith } from '../ui/range-with.ts';
import { formatRoute } from './routes.ts';

/** As the style sheet has it: links are all of one height. */
const linkHeight = 28;

/**
 * The sandboxes at the side: of hundreds, those in sight are drawn. The list is one stop of the Tab
 * key; within it the arrow keys lead from link to link.
 * @param props.current the name of the sandbox whose page is open
 */
export function SidebarSandboxes(props: { readonly current: string | undefined }) {
  const { current } = props;
  const { t } = useTranslation('app');
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  const list = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<string>();
  const indexOf = (name: string | undefined) =>
    name === undefined ? -1 : sandboxes.findIndex((sandbox) => sandbox.name === name);
  const currentIndex = indexOf(current);
  const reached = indexOf(cursor);
  const stop = reached !== -1 ? reached : Math.max(0, currentIndex);
  // eslint-disable-next-line react-hooks/incompatible-library -- links are memoised by hand
  const virtualizer = useVirtualizer({
    count: sandboxes.length,
    getScrollElement: () => list.current,
    estimateSize: () => linkHeight,
    getItemKey: useCallback((index: number) => sandboxes[index]?.id ?? index, [sandboxes]),
    overscan: 4,
    // Where the keyboard is stays, however far one scrolls away from it.
    rangeExtractor: useCallback((range: Range) => rangeWith(range, stop), [stop]),
  });
  const isScrollable = virtualizer.scrollElement !== null;
  useEffect(() => {
    if (currentIndex !== -1 && isScrollable) virtualizer.scrollToIndex(currentIndex);
  }, [virtualizer, currentIndex, isScrollable]);

  const focusNext = useRef(false);
  useLayoutEffect(() => {
    if (!focusNext.current) return;
    focusNext.current = false;
    list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [stop]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const pageRows = Math.floor((list.current?.clientHeight ?? 0) / linkHeight);
    const order = sandboxes.map(({ name }) => name);
    const target = moveCursor(order[stop], order, event.key, pageRows);
    if (target === undefined) return;
    event.preventDefault();
    focusNext.current = target !== order[stop];
    setCursor(target);
  };

  return (
    <div ref={list} className="sidebar-sandboxes" onKeyDown={onKeyDown}>
      <ul aria-label={t('pages.home')} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const sandbox = sandboxes[index];
          if (sandbox === undefined) return null;
          const { id, name, state } = sandbox;
          return (
            <SandboxLink
              key={id}
              name={name}
              state={state}
              position={index + 1}
              count={sandboxes.length}
              topPx={start}
              isCurrent={index === currentIndex}
              isStop={index === stop}
              onReached={setCursor}
            />
          );
        })}
      </ul>
    </div>
  );
}

/** Drawn anew when it changes, not with every page that is opened. */
const SandboxLink = memo(function SandboxLink(props: {
  readonly name: string;
  readonly state: SandboxState;
  /** Among all of the list, from 1. */
  readonly position: number;
  readonly count: number;
  readonly topPx: number;
  readonly isCurrent: boolean;
  /** Whether the Tab key leads to it. */
  readonly isStop: boolean;
  readonly onReached: (name: string) => void;
}) {
  const { name, state, position, count, topPx, isCurrent, isStop, onReached } = props;
  const { t } = useTranslation('sandboxes');
  return (
    <li aria-posinset={position} aria-setsize={count} style={{ top: topPx }}>
      <a
        className="sidebar-item"
        href={formatRoute({ page: 'sandbox', name })}
        title={`${name}, ${t(`states.${state}`)}`}
        aria-current={isCurrent ? 'page' : undefined}
        tabIndex={isStop ? 0 : -1}
        onFocus={() => {
          onReached(name);
        }}
      >
        <StateMark state={state} isWordHidden />
        <span className="sidebar-label">{name}</span>
      </a>
    </li>
  );
});

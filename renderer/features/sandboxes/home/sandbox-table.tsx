import { useVirtualizer, type Range } from '@tanstack/react-virtual';
import {
  Fragment,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { describeError } from '../../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { moveCursor } from '../../../ui/list-cursor.ts';
import { rangeWith } from '../../../ui/range-with.ts';
import { dismissActionError } from '../sandbox-actions.ts';
import { sandboxStore } from '../sandbox-store.ts';
import { extentOf, type Selection } from './row-selection.ts';
import { SandboxRow, type SandboxRowProps } from './sandbox-row.tsx';
import { SortHead } from './sort-head.tsx';
import './sandbox-table.css';

/** As the style sheet has it: rows of sandboxes are all of one height. */
const rowHeight = 40;
const columns = 9;

/** Props of {@link SandboxTable}. */
export interface SandboxTableProps extends Pick<
  SandboxRowProps,
  'sandboxHref' | 'onTerminal' | 'onRemove' | 'onSelect'
> {
  /** In the order in which they are shown. */
  readonly sandboxes: readonly Sandbox[];
  readonly selection: Selection;
  readonly onSelectAll: () => void;
}

type Item =
  | { readonly key: string; readonly index: number; readonly sandbox: Sandbox }
  | { readonly key: string; readonly name: string; readonly error: ErrorData };

/** The rows that are in sight, of hundreds; below a row what went wrong with it. */
export function SandboxTable(props: SandboxTableProps) {
  const { sandboxes, selection, onSelect, onSelectAll, sandboxHref, onTerminal, onRemove } = props;
  const { t } = useTranslation('sandboxes');
  const actionErrors = useStore(sandboxStore, (state) => state.actionErrors);
  const items = useMemo(() => itemsOf(sandboxes, actionErrors), [sandboxes, actionErrors]);
  const [body, setBody] = useState<HTMLTableSectionElement | null>(null);
  const { scroller, offset } = useScroller(body);
  const [cursor, setCursor] = useState<string>();
  const cursorIndex = items.findIndex(({ key }) => key === cursor);
  // eslint-disable-next-line react-hooks/incompatible-library -- rows are memoised by hand
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    // Where the keyboard is stays, however far one scrolls away from it.
    rangeExtractor: useCallback((range: Range) => rangeWith(range, cursorIndex), [cursorIndex]),
    overscan: 4,
    scrollMargin: offset,
  });
  const rows = virtualizer.getVirtualItems();
  const extent = extentOf(
    selection,
    sandboxes.map(({ id }) => id),
  );

  const focusNext = useRef(false);
  useLayoutEffect(() => {
    if (!focusNext.current || cursor === undefined) return;
    focusNext.current = false;
    body?.querySelector<HTMLInputElement>(`[data-id="${CSS.escape(cursor)}"] input`)?.focus();
  }, [body, cursor]);
  const moveBetweenRows = (event: KeyboardEvent) => {
    const { key, target, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey || metaKey || altKey || !(target instanceof HTMLInputElement)) return;
    const order = sandboxes.map(({ id }) => id);
    const pageRows = Math.floor((scroller?.clientHeight ?? 0) / rowHeight) - 2;
    const next = moveCursor(rowOf(target), order, key, pageRows);
    if (next === undefined) return;
    event.preventDefault();
    focusNext.current = next !== cursor;
    setCursor(next);
    if (shiftKey) onSelect(next, true);
  };
  return (
    <div className="table-frame">
      <table
        className="table sandbox-table"
        aria-label={t('title')}
        aria-rowcount={sandboxes.length + 1}
      >
        <thead>
          <tr>
            <th scope="col" className="sandbox-check">
              <input
                type="checkbox"
                aria-label={t('selectAll')}
                checked={extent === 'all'}
                ref={(box) => {
                  if (box !== null) box.indeterminate = extent === 'some';
                }}
                onChange={onSelectAll}
              />
            </th>
            <SortHead sortKey="state" className="sandbox-state" />
            <SortHead sortKey="name" className="sandbox-name-column" />
            <SortHead sortKey="image" className="sandbox-image" />
            <SortHead sortKey="cpu" className="sandbox-cpu" />
            <SortHead sortKey="memory" className="sandbox-memory" />
            <th scope="col" className="sandbox-ports">
              {t('columns.ports')}
            </th>
            <SortHead sortKey="created" className="sandbox-created" />
            <th scope="col" className="sandbox-buttons">
              <span className="visually-hidden">{t('columns.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody
          ref={setBody}
          onKeyDown={moveBetweenRows}
          onFocus={({ target }: FocusEvent) => {
            setCursor(rowOf(target));
          }}
        >
          {rows.map(({ index, start }, at) => {
            const item = items[index];
            if (item === undefined) return null;
            return (
              <Fragment key={item.key}>
                <Space height={start - (rows[at - 1]?.end ?? offset)} />
                {'error' in item ? (
                  <tr data-index={index} ref={virtualizer.measureElement}>
                    <td colSpan={columns}>
                      <ErrorNotice
                        {...describeError(item.error)}
                        onDismiss={() => {
                          dismissActionError(item.name);
                        }}
                      />
                    </td>
                  </tr>
                ) : (
                  <SandboxRow
                    rowIndex={item.index + 2}
                    sandbox={item.sandbox}
                    isSelected={selection.ids.has(item.key)}
                    onSelect={onSelect}
                    onRemove={onRemove}
                    sandboxHref={sandboxHref}
                    onTerminal={onTerminal}
                  />
                )}
              </Fragment>
            );
          })}
          <Space height={virtualizer.getTotalSize() + offset - (rows.at(-1)?.end ?? offset)} />
        </tbody>
      </table>
    </div>
  );
}

function itemsOf(
  sandboxes: readonly Sandbox[],
  errors: Readonly<Record<string, ErrorData>>,
): readonly Item[] {
  return sandboxes.flatMap((sandbox, index): Item[] => {
    const { id, name } = sandbox;
    const error = errors[name];
    const row = { key: id, index, sandbox };
    return error === undefined ? [row] : [row, { key: `${id} error`, name, error }];
  });
}

/** In place of the rows that are out of sight: one cell, for a narrow window has fewer columns. */
function Space({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className="sandbox-space">
      <td style={{ height }} />
    </tr>
  );
}

/** The id of the sandbox in whose row something is. */
function rowOf(element: Element): string | undefined {
  return element.closest<HTMLElement>('tr[data-id]')?.dataset['id'];
}

/** What scrolls around an element, and how far the element is below its top. */
function useScroller(element: HTMLElement | null) {
  const scroller = useMemo(() => scrollerOf(element), [element]);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const content = scroller?.firstElementChild;
    if (!element || !scroller || !content) return;
    // What is above it comes and goes: a notice, a bar. The content is longer by it then.
    const observer = new ResizeObserver(() => {
      const { top } = element.getBoundingClientRect();
      setOffset(Math.round(top - scroller.getBoundingClientRect().top + scroller.scrollTop));
    });
    observer.observe(content);
    return () => {
      observer.disconnect();
    };
  }, [element, scroller]);
  return { scroller, offset };
}

function scrollerOf(element: HTMLElement | null): HTMLElement | null {
  for (let parent = element?.parentElement ?? null; parent; parent = parent.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(parent).overflowY)) return parent;
  }
  return null;
}

import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { describeError } from '../../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
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
  const body = useRef<HTMLTableSectionElement>(null);
  const scrollMargin = useOffset(body);
  // eslint-disable-next-line react-hooks/incompatible-library -- rows are memoised by hand
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrollerOf(body.current),
    estimateSize: () => rowHeight,
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    overscan: 8,
    scrollMargin,
  });
  const rows = virtualizer.getVirtualItems();
  const before = (rows[0]?.start ?? scrollMargin) - scrollMargin;
  const after = virtualizer.getTotalSize() - ((rows.at(-1)?.end ?? scrollMargin) - scrollMargin);
  const extent = extentOf(
    selection,
    sandboxes.map(({ id }) => id),
  );

  const moveBetweenRows = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const box = event.target;
    if (step === 0 || !(box instanceof HTMLInputElement)) return;
    const from = sandboxes.findIndex(({ id }) => id === box.dataset['id']);
    const next = sandboxes[from + step];
    if (from === -1 || next === undefined) return;
    event.preventDefault();
    virtualizer.scrollToIndex(items.findIndex(({ key }) => key === next.id));
    body.current
      ?.querySelector<HTMLInputElement>(`input[data-id="${CSS.escape(next.id)}"]`)
      ?.focus();
    if (event.shiftKey) onSelect(next.id, true);
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
        <tbody ref={body} onKeyDown={moveBetweenRows}>
          <Space height={before} />
          {rows.map(({ index }) => {
            const item = items[index];
            if (item === undefined) return null;
            if ('error' in item) {
              return (
                <tr key={item.key} data-index={index} ref={virtualizer.measureElement}>
                  <td colSpan={columns}>
                    <ErrorNotice
                      {...describeError(item.error)}
                      onDismiss={() => {
                        dismissActionError(item.name);
                      }}
                    />
                  </td>
                </tr>
              );
            }
            return (
              <SandboxRow
                key={item.key}
                rowIndex={item.index + 2}
                sandbox={item.sandbox}
                isSelected={selection.ids.has(item.key)}
                onSelect={onSelect}
                onRemove={onRemove}
                sandboxHref={sandboxHref}
                onTerminal={onTerminal}
              />
            );
          })}
          <Space height={after} />
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

/** In place of the rows that are out of sight. */
function Space({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className="sandbox-space">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

/** What scrolls around an element. */
function scrollerOf(element: HTMLElement | null): HTMLElement | null {
  for (let parent = element?.parentElement ?? null; parent; parent = parent.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(parent).overflowY)) return parent;
  }
  return null;
}

/** How far an element is below the top of what scrolls around it. */
function useOffset(element: { readonly current: HTMLElement | null }): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const scroller = scrollerOf(element.current);
    const content = scroller?.firstElementChild;
    if (!scroller || !content) return;
    // What is above it comes and goes: a notice, a bar. The content is longer by it then.
    const observer = new ResizeObserver(() => {
      if (element.current === null) return;
      const { top } = element.current.getBoundingClientRect();
      setOffset(Math.round(top - scroller.getBoundingClientRect().top + scroller.scrollTop));
    });
    observer.observe(content);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return offset;
}

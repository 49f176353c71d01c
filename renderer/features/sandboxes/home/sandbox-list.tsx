import { SearchX } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { EmptyState } from '../../../ui/page.tsx';
import { RemoveDialog } from '../remove-dialog.tsx';
import { sandboxStore } from '../sandbox-store.ts';
import { usageStore } from '../usage/usage-store.ts';
import { useUsageFeed } from '../usage/use-usage-feed.ts';
import { BulkBar } from './bulk-bar.tsx';
import { BulkOutcome } from './bulk-outcome.tsx';
import { listStore } from './list-store.ts';
import { noSelection, selectRange, toggleAll, toggleRow, type Selection } from './row-selection.ts';
import { SandboxTable } from './sandbox-table.tsx';
import { filterSandboxes, sortSandboxes } from './table-order.ts';

/** Every sandbox: looked for, ordered, selected, and several acted on at once. */
export function SandboxList(props: {
  readonly sandboxHref: (name: string) => string;
  readonly onTerminal: (sandbox: Sandbox) => void;
}) {
  const { t } = useTranslation('sandboxes');
  useUsageFeed();
  const all = useStore(sandboxStore, (state) => state.sandboxes);
  const { text, sort } = useStore(listStore);
  const isByUse = sort.key === 'cpu' || sort.key === 'memory';
  // The order changes with each second only where it is one of use.
  const usage = useStore(usageStore, (state) => (isByUse ? state.byName : undefined));
  const shown = useMemo(
    () => sortSandboxes(filterSandboxes(all, text), sort, usage ?? new Map()),
    [all, text, sort, usage],
  );
  const [selection, setSelection] = useState<Selection>(noSelection);
  const [removing, setRemoving] = useState<Sandbox>();
  const selected = useMemo(() => all.filter(({ id }) => selection.ids.has(id)), [all, selection]);
  const ids = useRef<readonly string[]>([]);
  useEffect(() => {
    ids.current = shown.map(({ id }) => id);
  }, [shown]);
  const onSelect = useCallback((id: string, isRange: boolean) => {
    setSelection((before) =>
      isRange ? selectRange(before, id, ids.current) : toggleRow(before, id),
    );
  }, []);
  const onSelectAll = useCallback(() => {
    setSelection((before) => toggleAll(before, ids.current));
  }, []);
  const clear = () => {
    setSelection(noSelection);
  };
  return (
    <section
      className="section sandbox-list"
      aria-label={t('list')}
      onKeyDown={(event) => {
        const isInText = event.target instanceof HTMLInputElement && event.target.type === 'text';
        if (isInText || event.defaultPrevented) return;
        if (event.key === 'Escape' && selected.length > 0) clear();
        else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          setSelection({ ids: new Set(ids.current), anchor: undefined });
        }
      }}
    >
      <div className="list-bar">
        <TextField
          label={t('filter')}
          isLabelHidden
          value={text}
          placeholder={t('filterHint')}
          onChange={(typed) => {
            listStore.setState({ text: typed });
          }}
        />
        {selected.length > 0 ? (
          <BulkBar selected={selected} onClear={clear} />
        ) : (
          <span className="quiet list-count">
            {shown.length === all.length
              ? t('count', { count: all.length })
              : t('countOf', { count: shown.length, total: all.length })}
          </span>
        )}
      </div>
      <BulkOutcome />
      {shown.length === 0 ? (
        <EmptyState
          icon={SearchX}
          title={t('noneTitle')}
          action={
            <Button
              onClick={() => {
                listStore.setState({ text: '' });
              }}
            >
              {t('showAll')}
            </Button>
          }
        >
          {t('none')}
        </EmptyState>
      ) : (
        <SandboxTable
          sandboxes={shown}
          selection={selection}
          onSelect={onSelect}
          onSelectAll={onSelectAll}
          onRemove={setRemoving}
          sandboxHref={props.sandboxHref}
          onTerminal={props.onTerminal}
        />
      )}
      {removing !== undefined && (
        <RemoveDialog
          sandbox={removing}
          isOpen
          onClose={() => {
            setRemoving(undefined);
          }}
        />
      )}
    </section>
  );
}

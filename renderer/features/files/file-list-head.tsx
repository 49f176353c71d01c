import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SortKey, SortOrder } from './sort-entries.ts';

const columns: readonly {
  readonly key: SortKey;
  readonly word: 'name' | 'size' | 'modified' | 'mode' | 'owner';
}[] = [
  { key: 'name', word: 'name' },
  { key: 'size', word: 'size' },
  { key: 'modified', word: 'modified' },
  { key: 'permissions', word: 'mode' },
  { key: 'owner', word: 'owner' },
];

/** The columns, each a button that sorts by it. */
export function FileListHead(props: {
  readonly order: SortOrder;
  readonly onOrder: (key: SortKey) => void;
}) {
  const { order, onOrder } = props;
  const { t } = useTranslation('files');
  const direction = order.isDescending ? 'descending' : 'ascending';
  const Arrow = order.isDescending ? ArrowDown : ArrowUp;
  return (
    <div role="rowgroup" className="file-list-head">
      <div role="row" aria-rowindex={1} className="file-row">
        {columns.map(({ key, word }) => (
          <div
            key={key}
            role="columnheader"
            className={`file-cell file-${key}`}
            aria-sort={order.key === key ? direction : 'none'}
          >
            <button
              type="button"
              className="file-sort"
              onClick={() => {
                onOrder(key);
              }}
            >
              {t(word)}
              {order.key === key && <Arrow className="icon" aria-hidden />}
            </button>
          </div>
        ))}
        <div role="columnheader" className="file-cell file-change">
          <span className="visually-hidden">{t('change')}</span>
        </div>
      </div>
    </div>
  );
}

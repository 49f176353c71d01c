import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { listStore } from './list-store.ts';
import type { SortKey } from './table-order.ts';

/** What is most wanted of these is the most: it comes first. */
const descendingFirst: readonly SortKey[] = ['cpu', 'memory'];

/** The head of a column: orders the list by it, then the other way around. */
export const SortHead = memo(function SortHead(props: {
  readonly sortKey: SortKey;
  readonly className: string;
}) {
  const { sortKey, className } = props;
  const { t } = useTranslation('sandboxes');
  const sort = useStore(listStore, (state) => state.sort);
  const isOwn = sort.key === sortKey;
  const Arrow = sort.isDescending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isOwn ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className="sort-head"
        onClick={() => {
          const isDescending = isOwn ? !sort.isDescending : descendingFirst.includes(sortKey);
          listStore.setState({ sort: { key: sortKey, isDescending } });
        }}
      >
        {t(`columns.${sortKey}`)}
        {isOwn && <Arrow className="icon" aria-hidden />}
      </button>
    </th>
  );
});

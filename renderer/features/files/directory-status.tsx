import { useTranslation } from 'react-i18next';
import type { FileEntry } from '../../../main/contract/files.ts';
import { formatBytes } from '../../ui/format.ts';

/** How much there is, and how much of it is chosen. */
export function DirectoryStatus(props: {
  readonly count: number;
  readonly hiddenCount: number;
  readonly chosen: readonly FileEntry[];
}) {
  const { count, hiddenCount, chosen } = props;
  const { t } = useTranslation('files');
  const files = chosen.filter(({ kind }) => kind === 'file');
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <p className="files-status" role="status">
      <span>{t('count', { count })}</span>
      {hiddenCount > 0 && <span>{t('hiddenCount', { count: hiddenCount })}</span>}
      {chosen.length > 0 && <span>{t('selected', { count: chosen.length })}</span>}
      {files.length > 0 && <span>{formatBytes(bytes)}</span>}
    </p>
  );
}

import { useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { Copyable } from '../../../ui/copy.tsx';
import { formatMiB } from '../../../ui/format.ts';

/** One volume: where it is in the sandbox, what is there, and who may write. */
export function VolumeFact(props: {
  readonly target: string;
  readonly volume: Sandbox['config']['volumes'][string];
  readonly sharedBy: Sandbox['sharedBy'];
}) {
  const { target, volume, sharedBy } = props;
  const { bind, named, tmpfs, access } = volume;
  const { t } = useTranslation('sandboxes');
  if (tmpfs !== undefined) {
    const shown = t('facts.tmpfs', { target, size: formatMiB(tmpfs.sizeMiB) });
    return <Copyable value={target} shown={shown} what={t('copy.path')} />;
  }
  const source = bind ?? named ?? '';
  const how = access === 'rw' ? t('facts.readWrite') : t('facts.readOnly');
  return (
    <>
      <Copyable value={source} shown={`${target} ← ${source}`} what={t('copy.volume')} />{' '}
      <span className="quiet">
        {how}
        {sharedBy === undefined ? '' : `, ${sharedBy}`}
      </span>
    </>
  );
}

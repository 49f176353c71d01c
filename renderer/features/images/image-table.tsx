import { EllipsisVertical, Plus } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../../main/contract/image.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyIconButton } from '../../ui/copy.tsx';
import { formatBytes } from '../../ui/format.ts';
import { ActionMenu, type MenuEntry } from '../../ui/menu.tsx';
import { Ago } from '../../ui/time.tsx';
import type { ImageRow } from './image-rows.ts';
import type { ImageLinks } from './image-links.ts';
import { SandboxNames } from './sandbox-names.tsx';

/** Every image in the store with what can be done with it. */
export function ImageTable(props: {
  readonly rows: readonly ImageRow[];
  readonly links: ImageLinks;
  readonly entriesOf: (image: Image) => readonly MenuEntry[];
}) {
  const { t } = useTranslation('images');
  const { rows, links, entriesOf } = props;
  return (
    <div className="table-frame">
      <table className="table image-table" aria-label={t('title')}>
        <thead>
          <tr>
            <th scope="col">{t('list.reference')}</th>
            <th scope="col">{t('list.platform')}</th>
            <th scope="col" className="table-number">
              {t('list.unpacked')}
            </th>
            <th scope="col" className="table-number">
              <span title={t('list.ownSharedRemark')}>{t('list.ownShared')}</span>
            </th>
            <th scope="col">{t('list.usedBy')}</th>
            <th scope="col">{t('list.pulled')}</th>
            <th scope="col" className="table-actions">
              <span className="visually-hidden">{t('list.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.image.reference} row={row} links={links} entriesOf={entriesOf} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Drawn anew when it changes, not with every letter of the filter. */
const Row = memo(function Row(props: {
  readonly row: ImageRow;
  readonly links: ImageLinks;
  readonly entriesOf: (image: Image) => readonly MenuEntry[];
}) {
  const { t } = useTranslation('images');
  const { row, links, entriesOf } = props;
  const { image, bytes, usedBy } = row;
  return (
    <tr>
      <td>
        <span className="copyable">
          <a className="mono" href={links.image(image.reference)} title={image.digest}>
            {image.reference}
          </a>
          <CopyIconButton
            text={image.reference}
            what={t('list.copyReference', { reference: image.reference })}
          />
        </span>
      </td>
      <td>{image.platform}</td>
      <td
        className="table-number"
        title={t('list.compressed', { size: formatBytes(image.downloadBytes) })}
      >
        {formatBytes(image.diskBytes)}
      </td>
      <td className="table-number">
        {bytes === undefined ? '–' : `${formatBytes(bytes.unique)} / ${formatBytes(bytes.shared)}`}
      </td>
      <td>
        <SandboxNames names={usedBy} hrefOf={links.sandbox} most={2} />
      </td>
      <td className="table-time">
        <Ago atMs={image.pulledAtMs} />
      </td>
      <td className="table-actions">
        <div>
          <a
            className="icon-button"
            href={links.create(image.reference)}
            aria-label={t('actions.newSandboxFrom', { reference: image.reference })}
            title={t('actions.newSandbox')}
          >
            <Plus className="icon" aria-hidden />
          </a>
          <ActionMenu
            trigger={
              <IconButton
                icon={EllipsisVertical}
                label={t('actions.of', { reference: image.reference })}
              />
            }
            entries={entriesOf(image)}
          />
        </div>
      </td>
    </tr>
  );
});

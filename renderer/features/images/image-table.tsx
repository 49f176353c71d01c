import { EllipsisVertical, Plus } from 'lucide-react';
import { memo } from 'react';
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
  const { rows, links, entriesOf } = props;
  return (
    <div className="table-frame">
      <table className="table image-table" aria-label="Images">
        <thead>
          <tr>
            <th scope="col">Reference</th>
            <th scope="col">Platform</th>
            <th scope="col" className="table-number">
              Unpacked
            </th>
            <th scope="col" className="table-number">
              <span title="On the disk, with the compressed layers that are kept">
                Its own / shared
              </span>
            </th>
            <th scope="col">Used by</th>
            <th scope="col">Pulled</th>
            <th scope="col" className="table-actions">
              <span className="visually-hidden">Actions</span>
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
  const { row, links, entriesOf } = props;
  const { image, bytes, usedBy } = row;
  return (
    <tr>
      <td>
        <span className="copyable">
          <a className="mono" href={links.image(image.reference)} title={image.digest}>
            {image.reference}
          </a>
          <CopyIconButton text={image.reference} what={`reference ${image.reference}`} />
        </span>
      </td>
      <td>{image.platform}</td>
      <td className="table-number" title={`${formatBytes(image.downloadBytes)} compressed`}>
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
            aria-label={`New sandbox from ${image.reference}`}
            title="New sandbox"
          >
            <Plus className="icon" aria-hidden />
          </a>
          <ActionMenu
            trigger={
              <IconButton icon={EllipsisVertical} label={`Actions for ${image.reference}`} />
            }
            entries={entriesOf(image)}
          />
        </div>
      </td>
    </tr>
  );
});

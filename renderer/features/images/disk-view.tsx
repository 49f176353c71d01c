import { HardDrive } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format.ts';
import { EmptyState, Facts, Page } from '../../ui/page.tsx';
import { Treemap, type TreemapLegend } from '../../ui/treemap.tsx';
import { ImageNames } from './image-names.tsx';
import type { ImageLinks } from './image-links.ts';
import { StoreButtons, StoreNotices } from './image-page-head.tsx';
import { imageStore } from './image-store.ts';
import { LimitForm } from './limit-form.tsx';
import { SandboxNames } from './sandbox-names.tsx';
import { partsOfStore, tilesOfParts, type StorePart } from './store-parts.ts';
import { useStoreUsage } from './use-store-usage.ts';
import './images-view.css';

const legend: TreemapLegend = [
  { look: 'own', label: 'of one image, used by sandboxes' },
  { look: 'shared', label: 'shared by images' },
  { look: 'idle', label: 'of one image, no sandbox' },
  { look: 'waste', label: 'used by nothing' },
];

const kinds = {
  own: 'Image',
  shared: 'Shared layer',
  idle: 'Image, no sandbox',
  waste: 'Used by nothing',
} as const;

/** Where the bytes of the store are, what can go, and how large it may get. */
export function DiskView(props: {
  readonly tabs: ReactNode;
  readonly work: ReactNode;
  readonly links: ImageLinks;
  readonly usageKey: string;
  readonly onStarted: (operation: Operation) => void;
}) {
  const usage = useStoreUsage(props.usageKey);
  const error = useStore(imageStore, (state) => state.usageError);
  return (
    <Page
      title={<h1>Images</h1>}
      tabs={props.tabs}
      actions={<StoreButtons onStarted={props.onStarted} />}
    >
      <StoreNotices />
      {props.work}
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {usage === undefined && error === undefined && (
        <p className="quiet">The store is looked through.</p>
      )}
      {usage !== undefined && <Usage usage={usage} links={props.links} />}
    </Page>
  );
}

function Usage({ usage, links }: { readonly usage: StoreUsage; readonly links: ImageLinks }) {
  const parts = partsOfStore(usage);
  const withImages = usage.reclaimableWithImagesBytes - usage.reclaimableBytes;
  return (
    <>
      <section className="section" aria-label="Disk usage">
        <Facts
          facts={[
            { label: 'In all', value: formatBytes(usage.totalBytes) },
            {
              label: 'Can go',
              value: `${formatBytes(usage.reclaimableBytes)} that nothing uses${
                withImages > 0 ? `, and ${formatBytes(withImages)} of images without sandboxes` : ''
              }`,
            },
          ]}
        />
        <LimitForm usage={usage} />
      </section>
      {parts.length === 0 ? (
        <EmptyState icon={HardDrive} title="The store is empty">
          Here one sees which images take the room, and what they share.
        </EmptyState>
      ) : (
        <>
          <Treemap
            label={`Parts of the image store, ${formatBytes(usage.totalBytes)} in all; the table below has the same.`}
            parts={tilesOfParts(parts)}
            legend={legend}
          />
          <PartTable parts={parts} totalBytes={usage.totalBytes} links={links} />
        </>
      )}
    </>
  );
}

function PartTable(props: {
  readonly parts: readonly StorePart[];
  readonly totalBytes: number;
  readonly links: ImageLinks;
}) {
  const { parts, totalBytes, links } = props;
  return (
    <div className="table-frame">
      <table className="table disk-table" aria-label="Parts of the image store">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Kind</th>
            <th scope="col">Size</th>
            <th scope="col">Share</th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ key, label, look, amount, references, usedBy }) => (
            <tr key={key}>
              <td>
                {references.length === 0 ? (
                  label
                ) : (
                  <ImageNames references={references} links={links} />
                )}
              </td>
              <td>{kinds[look]}</td>
              <td>{formatBytes(amount)}</td>
              <td>{Math.round((100 * amount) / Math.max(1, totalBytes))} %</td>
              <td>
                <SandboxNames names={usedBy} hrefOf={links.sandbox} most={3} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import { HardDrive } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format.ts';
import { EmptyState, Facts, Page } from '../../ui/page.tsx';
import { Treemap } from '../../ui/treemap.tsx';
import { ImageNames } from './image-names.tsx';
import type { ImageLinks } from './image-links.ts';
import { StoreButtons, StoreNotices } from './image-page-head.tsx';
import { imageStore } from './image-store.ts';
import { LimitForm } from './limit-form.tsx';
import { SandboxNames } from './sandbox-names.tsx';
import { partsOfStore, tilesOfParts, type StorePart } from './store-parts.ts';
import { useStoreUsage } from './use-store-usage.ts';
import './images-view.css';

const looks = ['own', 'shared', 'idle', 'waste'] as const;

/** Where the bytes of the store are, what can go, and how large it may get. */
export function DiskView(props: {
  readonly tabs: ReactNode;
  readonly work: ReactNode;
  readonly links: ImageLinks;
  readonly usageKey: string;
  readonly onStarted: (operation: Operation) => void;
}) {
  const { t } = useTranslation('images');
  const usage = useStoreUsage(props.usageKey);
  const error = useStore(imageStore, (state) => state.usageError);
  return (
    <Page
      title={<h1>{t('title')}</h1>}
      tabs={props.tabs}
      actions={<StoreButtons onStarted={props.onStarted} />}
    >
      <StoreNotices />
      {props.work}
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {usage === undefined && error === undefined && <p className="quiet">{t('disk.loading')}</p>}
      {usage !== undefined && <Usage usage={usage} links={props.links} />}
    </Page>
  );
}

function Usage({ usage, links }: { readonly usage: StoreUsage; readonly links: ImageLinks }) {
  const { t } = useTranslation('images');
  const parts = partsOfStore(usage);
  const unused = formatBytes(usage.reclaimableBytes);
  const withImages = usage.reclaimableWithImagesBytes - usage.reclaimableBytes;
  return (
    <>
      <section className="section" aria-label={t('disk.usage')}>
        <Facts
          facts={[
            { label: t('disk.total'), value: formatBytes(usage.totalBytes) },
            {
              label: t('disk.reclaimable'),
              value:
                withImages > 0
                  ? t('disk.unusedAndImages', { size: unused, images: formatBytes(withImages) })
                  : t('disk.unused', { size: unused }),
            },
          ]}
        />
        <LimitForm usage={usage} />
      </section>
      {parts.length === 0 ? (
        <EmptyState icon={HardDrive} title={t('disk.emptyTitle')}>
          {t('disk.empty')}
        </EmptyState>
      ) : (
        <>
          <Treemap
            label={t('disk.treemap', { size: formatBytes(usage.totalBytes) })}
            parts={tilesOfParts(parts)}
            legend={looks.map((look) => ({ look, label: t(`disk.legend.${look}`) }))}
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
  const { t } = useTranslation('images');
  const { parts, totalBytes, links } = props;
  return (
    <div className="table-frame">
      <table className="table disk-table" aria-label={t('disk.table')}>
        <thead>
          <tr>
            <th scope="col">{t('disk.part')}</th>
            <th scope="col">{t('disk.kind')}</th>
            <th scope="col">{t('disk.size')}</th>
            <th scope="col">{t('disk.share')}</th>
            <th scope="col">{t('disk.usedBy')}</th>
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
              <td>{t(`disk.kinds.${look}`)}</td>
              <td>{formatBytes(amount)}</td>
              <td>
                {t('disk.percent', {
                  percent: Math.round((100 * amount) / Math.max(1, totalBytes)),
                })}
              </td>
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

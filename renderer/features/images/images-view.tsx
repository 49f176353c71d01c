import { Layers, Search } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Image } from '../../../main/contract/image.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { TextField } from '../../ui/field.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { EmptyState, Page } from '../../ui/page.tsx';
import type { ImageLinks } from './image-links.ts';
import { StoreButtons, StoreNotices } from './image-page-head.tsx';
import { filterImageRows, imageRows } from './image-rows.ts';
import { imageStore } from './image-store.ts';
import { ImageTable } from './image-table.tsx';
import { PullForm } from './pull-form.tsx';
import { useStoreUsage } from './use-store-usage.ts';
import './images-view.css';

/** What is in the store, and the ways to get more; `work` is what goes on with images. */
export function ImagesView(props: {
  readonly tabs: ReactNode;
  readonly work: ReactNode;
  readonly links: ImageLinks;
  /** Changes when sandboxes come and go, and when work on images ends. */
  readonly usageKey: string;
  readonly entriesOf: (image: Image) => readonly MenuEntry[];
  readonly onStarted: (operation: Operation) => void;
}) {
  const { t } = useTranslation('images');
  const images = useStore(imageStore, (state) => state.images);
  const filter = useStore(imageStore, (state) => state.filter);
  const usage = useStoreUsage(props.usageKey);
  const all = useMemo(() => imageRows(images, usage), [images, usage]);
  const rows = filterImageRows(all, filter);
  return (
    <Page
      title={<h1>{t('title')}</h1>}
      tabs={props.tabs}
      actions={<StoreButtons onStarted={props.onStarted} />}
    >
      <PullForm />
      <StoreNotices />
      {props.work}
      {images.length === 0 ? (
        <EmptyState icon={Layers} title={t('list.emptyTitle')}>
          {t('list.empty')}
        </EmptyState>
      ) : (
        <section className="section" aria-label={t('list.label')}>
          <div className="image-filter">
            <Search className="icon" aria-hidden />
            <TextField
              label={t('list.filter')}
              isLabelHidden
              value={filter}
              placeholder={t('list.filterPlaceholder')}
              onChange={(typed) => {
                imageStore.setState({ filter: typed });
              }}
            />
            <span className="quiet" role="status">
              {filter.trim() === ''
                ? t('list.count', { count: images.length })
                : t('list.found', { found: rows.length, count: images.length })}
            </span>
          </div>
          {rows.length === 0 ? (
            <p className="quiet">{t('list.noneFound', { text: filter.trim() })}</p>
          ) : (
            <ImageTable rows={rows} links={props.links} entriesOf={props.entriesOf} />
          )}
        </section>
      )}
    </Page>
  );
}

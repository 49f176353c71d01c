import { EllipsisVertical, Layers, Plus } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { ImageDetails } from '../../../main/contract/image.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyIconButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ActionMenu, type MenuEntry } from '../../ui/menu.tsx';
import { EmptyState, Page } from '../../ui/page.tsx';
import { ImageHistory } from './image-history.tsx';
import { ImageLayers } from './image-layers.tsx';
import type { ImageLinks } from './image-links.ts';
import { ImageOverview } from './image-overview.tsx';
import { StoreNotices } from './image-page-head.tsx';
import { imageStore } from './image-store.ts';
import './image-view.css';
import './images-view.css';

/** A part of the page of one image; absent for the overview. */
export type ImageSection = 'layers' | 'history' | 'sandboxes' | undefined;

/** Everything that the store knows of one image. */
export function ImageView(props: {
  readonly reference: string;
  readonly section: ImageSection;
  readonly tabs: ReactNode;
  readonly links: ImageLinks;
  readonly imagesHref: string;
  /** Changes when sandboxes come and go, and when work on images ends. */
  readonly usageKey: string;
  readonly entries: readonly MenuEntry[];
}) {
  const { t } = useTranslation('images');
  const { reference, section, links } = props;
  const { details, error } = useDetails(reference, props.usageKey);
  return (
    <Page
      title={
        <>
          <h1 className="mono">{reference}</h1>
          <CopyIconButton text={reference} what={t('view.copyReference')} />
        </>
      }
      tabs={details && props.tabs}
      actions={
        details && (
          <>
            <a className="button button-primary" href={links.create(reference)}>
              <Plus className="icon" aria-hidden />
              {t('actions.newSandbox')}
            </a>
            <ActionMenu
              trigger={
                <IconButton icon={EllipsisVertical} label={t('actions.of', { reference })} />
              }
              entries={props.entries}
            />
          </>
        )
      }
    >
      <StoreNotices />
      {error?.code === 'image/not-stored' || error?.code === 'image/not-found' ? (
        <EmptyState
          icon={Layers}
          title={t('view.notStored', { reference })}
          action={
            <a className="button" href={props.imagesHref}>
              {t('view.all')}
            </a>
          }
        >
          {t('view.notStoredRemark')}
        </EmptyState>
      ) : (
        error !== undefined && <ErrorNotice {...describeError(error)} />
      )}
      {details && <Section section={section} details={details} links={links} />}
    </Page>
  );
}

function Section(props: {
  readonly section: ImageSection;
  readonly details: ImageDetails;
  readonly links: ImageLinks;
}) {
  const { t } = useTranslation('images');
  const { section, details, links } = props;
  switch (section) {
    case undefined:
      return <ImageOverview details={details} links={links} />;
    case 'layers':
      return <ImageLayers details={details} links={links} />;
    case 'history':
      return <ImageHistory details={details} />;
    case 'sandboxes':
      return (
        <section className="section" aria-label={t('page.usedBy')}>
          {details.usedBy.length === 0 ? (
            <p className="quiet">{t('view.notUsed')}</p>
          ) : (
            <>
              <p>{t('view.rootOf', { count: details.usedBy.length })}</p>
              <ul className="image-lines">
                {details.usedBy.map((name) => (
                  <li key={name}>
                    <a href={links.sandbox(name)}>{name}</a>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      );
  }
}

/** Asked anew when the images change, for what it shares and who uses it. */
function useDetails(reference: string, usageKey: string) {
  const { connection } = useBridge();
  const images = useStore(imageStore, (state) => state.images);
  const [known, setKnown] = useState<{
    readonly details?: ImageDetails;
    readonly error?: ErrorData;
  }>({});
  const isConnected = useIsConnected();
  useEffect(() => {
    if (!isConnected) return;
    let isStale = false;
    connection.client.images.inspect({ reference }).then(
      (details) => {
        if (!isStale) setKnown({ details });
      },
      (thrown: unknown) => {
        if (!isStale) setKnown({ error: toErrorData(thrown) });
      },
    );
    return () => {
      isStale = true;
    };
  }, [connection, reference, images, usageKey, isConnected]);
  return known;
}

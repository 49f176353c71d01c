import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Image } from '../../main/contract/image.ts';
import { useBridge } from '../bridge/bridge-context.tsx';
import { DiskView } from '../features/images/disk-view.tsx';
import { imageEntries } from '../features/images/image-entries.ts';
import { ImageView, type ImageSection } from '../features/images/image-view.tsx';
import { ImagesView } from '../features/images/images-view.tsx';
import {
  selectImageWork,
  selectLastImageWorkMs,
} from '../features/operations/operation-selectors.ts';
import { dismissOperation, operationStore } from '../features/operations/operation-store.ts';
import { TaskCard } from '../features/operations/task-card.tsx';
import { sandboxStore } from '../features/sandboxes/sandbox-store.ts';
import { PageTabs } from '../ui/page.tsx';
import { followImageWork } from './follow-image-work.ts';
import { imageLinks } from './image-links.ts';
import { NextSteps } from './next-steps.tsx';
import { formatRoute } from './routes.ts';
import { navigate } from './use-route.ts';

/** Images, or where their bytes are, with the work on them that goes on or has just ended. */
export function ImagesPage({ section }: { readonly section: 'images' | 'disk' }) {
  const { t } = useTranslation('app');
  const { connection } = useBridge();
  const usageKey = useUsageKey();
  const tabs = [
    {
      label: t('images.inStore'),
      href: formatRoute({ page: 'images' }),
      isCurrent: section === 'images',
    },
    {
      label: t('images.diskUsage'),
      href: formatRoute({ page: 'disk' }),
      isCurrent: section === 'disk',
    },
  ];
  const common = {
    tabs: <PageTabs label={t('images.sections')} tabs={tabs} />,
    work: <ImageWork />,
    links: imageLinks,
    usageKey,
    onStarted: followImageWork,
  };
  const entriesOf = useCallback(
    ({ reference }: Image) =>
      imageEntries(connection.client, reference, {
        create: () => {
          navigate({ page: 'create', image: reference });
        },
        inspect: () => {
          navigate({ page: 'image', reference });
        },
      }),
    [connection],
  );
  if (section === 'disk') return <DiskView {...common} />;
  return <ImagesView {...common} entriesOf={entriesOf} />;
}

/** One image. */
export function ImagePage(props: { readonly reference: string; readonly section: ImageSection }) {
  const { t } = useTranslation('images');
  const { reference, section } = props;
  const { connection } = useBridge();
  const tabs = (
    [
      ['overview', undefined],
      ['layers', 'layers'],
      ['history', 'history'],
      ['usedBy', 'sandboxes'],
    ] as const
  ).map(([words, one]) => ({
    label: t(`page.${words}`),
    href: imageLinks.image(reference, one),
    isCurrent: section === one,
  }));
  return (
    <ImageView
      reference={reference}
      section={section}
      tabs={<PageTabs label={t('page.sectionsOf', { reference })} tabs={tabs} />}
      links={imageLinks}
      imagesHref={formatRoute({ page: 'images' })}
      usageKey={useUsageKey()}
      entries={imageEntries(connection.client, reference, {
        create: () => {
          navigate({ page: 'create', image: reference });
        },
      })}
    />
  );
}

/** Changes when sandboxes come, go or get their image, and when work on images ends. */
function useUsageKey(): string {
  const users = useStore(sandboxStore, ({ sandboxes }) =>
    sandboxes.map(({ id, imageDigest = '' }) => `${id}${imageDigest}`).join(),
  );
  const lastEndMs = useStore(operationStore, selectLastImageWorkMs);
  return `${users} ${String(lastEndMs)}`;
}

function ImageWork() {
  const { t } = useTranslation('images');
  const shown = useStore(operationStore, useShallow(selectImageWork));
  if (shown.length === 0) return null;
  return (
    <ul className="tasks" aria-label={t('page.work')}>
      {shown.map((operation) => (
        <li key={operation.id}>
          <TaskCard
            operation={operation}
            nextSteps={NextSteps}
            onDismiss={() => {
              dismissOperation(operation.id);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

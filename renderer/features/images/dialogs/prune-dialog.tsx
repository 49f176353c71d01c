import { useEffect, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Removal } from '../../../../main/contract/image-upkeep.ts';
import { describeError, toErrorData } from '../../../bridge/bridge-error.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { formatBytes, shortDigest } from '../../../ui/format.ts';
import { describeRemoval, loadUsage } from '../image-actions.ts';
import { imageStore } from '../image-store.ts';
import { CallError } from './call-error.tsx';

type Extent = 'unused' | 'images';

type Previews = Readonly<Record<Extent, Removal>>;

/** Shows exactly what would go, and takes it away when its button is pressed. */
export function PruneDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('images');
  const { connection } = useBridge();
  const { previews, error } = usePreviews();
  const [extent, setExtent] = useState<Extent>('unused');
  const call = useCall();
  const removal = previews?.[extent];
  const isNothing = removal !== undefined && isEmpty(removal);
  return (
    <FormDialog
      title={t('dialogs.prune.title')}
      submitLabel={
        removal === undefined || isNothing
          ? t('dialogs.prune.submit')
          : t('dialogs.prune.submitFree', { size: formatBytes(removal.freedBytes) })
      }
      isDangerous
      isWide
      isDisabled={removal === undefined || isNothing}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        void call
          .run(async () => {
            const request = { all: extent === 'images', isPreview: false };
            const gone = await connection.client.images.prune(request);
            imageStore.setState({ notice: { text: describeRemoval(gone) } });
            // What goes without a name is not among the images that the window hears of.
            void loadUsage(connection.client);
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      <ChoiceCards<Extent>
        label={t('dialogs.prune.what')}
        value={extent}
        onChange={setExtent}
        choices={[
          {
            value: 'unused',
            label: t('dialogs.prune.unused'),
            remark:
              previews === undefined
                ? t('dialogs.prune.unusedRemark')
                : t('dialogs.prune.unusedRemarkSize', {
                    size: formatBytes(previews.unused.freedBytes),
                  }),
          },
          {
            value: 'images',
            label: t('dialogs.prune.images'),
            remark:
              previews === undefined
                ? t('dialogs.prune.imagesRemark')
                : t('dialogs.prune.imagesRemarkSize', {
                    size: formatBytes(previews.images.freedBytes),
                  }),
          },
        ]}
      />
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {removal !== undefined && <Preview removal={removal} />}
      <CallError call={call} />
    </FormDialog>
  );
}

function isEmpty({ references, layers, freedBytes }: Removal): boolean {
  return references.length === 0 && layers.length === 0 && freedBytes === 0;
}

function Preview({ removal }: { readonly removal: Removal }) {
  const { t } = useTranslation('images');
  const { references, layers, freedBytes } = removal;
  if (isEmpty(removal)) return <p>{t('dialogs.prune.nothing')}</p>;
  return (
    <>
      {references.length > 0 && (
        <section aria-label={t('dialogs.prune.imagesThatGo')}>
          <strong>{t('dialogs.prune.goesNames', { count: references.length })}</strong>
          <ul className="dialog-list" tabIndex={0} aria-label={t('dialogs.prune.imagesThatGo')}>
            {references.map((reference) => (
              <li key={reference} className="mono">
                {reference}
              </li>
            ))}
          </ul>
        </section>
      )}
      {layers.length > 0 && (
        <details>
          <summary>
            {references.length === 0
              ? t('dialogs.prune.goesLayers', { count: layers.length })
              : t('dialogs.prune.layers', { count: layers.length })}
          </summary>
          <ul className="dialog-list" tabIndex={0} aria-label={t('dialogs.prune.layersThatGo')}>
            {layers.map((digest) => (
              <li key={digest} className="mono" title={digest}>
                {shortDigest(digest)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {references.length === 0 && layers.length === 0 && (
        <p>
          <Trans t={t} i18nKey="dialogs.prune.goesLeftovers" />
        </p>
      )}
      <p>
        <Trans
          t={t}
          i18nKey={references.length > 0 ? 'dialogs.prune.staysUsed' : 'dialogs.prune.staysNamed'}
          values={{ size: formatBytes(freedBytes) }}
        />
      </p>
    </>
  );
}

/** What would go, with and without images; asked anew when the images change. */
function usePreviews() {
  const { connection } = useBridge();
  const images = useStore(imageStore, (state) => state.images);
  const [known, setKnown] = useState<{
    readonly previews?: Previews;
    readonly error?: ErrorData;
  }>({});
  useEffect(() => {
    let isStale = false;
    const { prune } = connection.client.images;
    Promise.all([
      prune({ all: false, isPreview: true }),
      prune({ all: true, isPreview: true }),
    ]).then(
      ([unused, withImages]) => {
        if (!isStale) setKnown({ previews: { unused, images: withImages } });
      },
      (thrown: unknown) => {
        if (!isStale) setKnown({ error: toErrorData(thrown) });
      },
    );
    return () => {
      isStale = true;
    };
  }, [connection, images]);
  return known;
}

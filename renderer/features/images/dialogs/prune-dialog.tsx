import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Removal } from '../../../../main/contract/image-upkeep.ts';
import { describeError, toErrorData } from '../../../bridge/bridge-error.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { formatBytes, plural, shortDigest } from '../../../ui/format.ts';
import { describeRemoval, loadUsage } from '../image-actions.ts';
import { imageStore } from '../image-store.ts';
import { CallError } from './call-error.tsx';

type Extent = 'unused' | 'images';

type Previews = Readonly<Record<Extent, Removal>>;

/** Shows exactly what would go, and takes it away when its button is pressed. */
export function PruneDialog({ onClose }: { readonly onClose: () => void }) {
  const { connection } = useBridge();
  const { previews, error } = usePreviews();
  const [extent, setExtent] = useState<Extent>('unused');
  const call = useCall();
  const removal = previews?.[extent];
  const isNothing = removal !== undefined && isEmpty(removal);
  return (
    <FormDialog
      title="Prune the image store"
      submitLabel={
        removal === undefined || isNothing
          ? 'Remove'
          : `Remove, free ${formatBytes(removal.freedBytes)}`
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
        label="What goes"
        value={extent}
        onChange={setExtent}
        choices={[
          {
            value: 'unused',
            label: 'What nothing uses',
            remark: remarkOf(previews?.unused, 'Layers of no image, and leftovers.'),
          },
          {
            value: 'images',
            label: 'Also images without sandboxes',
            remark: remarkOf(
              previews?.images,
              'What was built or imported here cannot be pulled again.',
            ),
          },
        ]}
      />
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {removal !== undefined && <Preview removal={removal} />}
      <CallError call={call} />
    </FormDialog>
  );
}

function remarkOf(removal: Removal | undefined, words: string): string {
  return removal === undefined ? words : `${formatBytes(removal.freedBytes)}. ${words}`;
}

function isEmpty({ references, layers, freedBytes }: Removal): boolean {
  return references.length === 0 && layers.length === 0 && freedBytes === 0;
}

function Preview({ removal }: { readonly removal: Removal }) {
  const { references, layers, freedBytes } = removal;
  if (isEmpty(removal))
    return <p>There is nothing to remove. Everything in the store is in use.</p>;
  return (
    <>
      {references.length > 0 && (
        <section aria-label="Images that go">
          <strong>Goes: {plural(references.length, 'name')}</strong>
          <ul className="dialog-list" tabIndex={0} aria-label="Images that go">
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
            {references.length === 0 && 'Goes: '}
            {plural(layers.length, 'layer')}
          </summary>
          <ul className="dialog-list" tabIndex={0} aria-label="Layers that go">
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
          <strong>Goes:</strong> what is left of fetches that did not end.
        </p>
      )}
      <p>
        <strong>Frees:</strong> {formatBytes(freedBytes)}. <strong>Stays:</strong> every image that
        {references.length > 0 ? ' a sandbox uses' : ' has a name'}, and every sandbox with its
        disk.
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

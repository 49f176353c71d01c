import { Download, Layers, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { imageReferenceSchema } from '../../../main/contract/image-reference.ts';
import type { Image } from '../../../main/contract/image.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatBytes, plural, shortDigest } from '../../ui/format.ts';
import { EmptyState, Page } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { imageStore } from './image-store.ts';
import './images-view.css';

/** What is in the store, and the form that adds to it; `pulls` are the pulls under way. */
export function ImagesView(props: {
  readonly pulls: ReactNode;
  readonly createHref: (reference: string) => string;
}) {
  const images = useStore(imageStore, (state) => state.images);
  return (
    <Page title={<h1>Images</h1>}>
      <PullForm />
      {props.pulls}
      {images.length === 0 ? (
        <EmptyState icon={Layers} title="No images yet">
          Images are what sandboxes start from. Pull one by its name; its layers are kept once,
          whatever uses them.
        </EmptyState>
      ) : (
        <ImageTable images={images} createHref={props.createHref} />
      )}
    </Page>
  );
}

function PullForm() {
  const { connection } = useBridge();
  const { draft, pullError } = useStore(imageStore);
  const checked = imageReferenceSchema.safeParse(draft);
  const problem = draft === '' || checked.success ? undefined : checked.error.issues[0]?.message;
  const pull = async () => {
    imageStore.setState({ pullError: undefined });
    try {
      await connection.client.images.pull({ reference: draft });
      imageStore.setState({ draft: '' });
    } catch (error) {
      imageStore.setState({ pullError: toErrorData(error) });
    }
  };
  return (
    <form
      className="pull-form"
      aria-label="Pull an image"
      onSubmit={(event) => {
        event.preventDefault();
        if (checked.success) void pull();
      }}
    >
      <TextField
        label="Image reference"
        value={draft}
        onChange={(value) => {
          imageStore.setState({ draft: value.trim() });
        }}
        placeholder="debian:bookworm"
        mono
        error={problem}
        help="As Docker reads it: name, name:tag or registry/name@sha256:digest."
        after={
          <Button type="submit" icon={Download} variant="primary" disabled={!checked.success}>
            Pull
          </Button>
        }
      />
      {pullError !== undefined && (
        <ErrorNotice
          {...describeError(pullError)}
          onDismiss={() => {
            imageStore.setState({ pullError: undefined });
          }}
        />
      )}
    </form>
  );
}

function ImageTable(props: {
  readonly images: readonly Image[];
  readonly createHref: (reference: string) => string;
}) {
  return (
    <div className="table-frame">
      <table className="table image-table" aria-label="Images">
        <thead>
          <tr>
            <th scope="col">Reference</th>
            <th scope="col">Digest</th>
            <th scope="col">Platform</th>
            <th scope="col">Layers</th>
            <th scope="col">On disk</th>
            <th scope="col">Pulled</th>
            <th scope="col" className="table-actions">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.images.map((image) => (
            <tr key={image.reference}>
              <td>
                <Copyable value={image.reference} what={`reference ${image.reference}`} />
              </td>
              <td>
                <Copyable
                  value={image.digest}
                  shown={shortDigest(image.digest)}
                  what={`digest of ${image.reference}`}
                />
              </td>
              <td>{image.platform}</td>
              <td>{plural(image.layers.length, 'layer')}</td>
              <td title={`${formatBytes(image.downloadBytes)} compressed`}>
                {formatBytes(image.diskBytes)}
              </td>
              <td>
                <Ago atMs={image.pulledAtMs} />
              </td>
              <td className="table-actions">
                <a
                  className="button"
                  href={props.createHref(image.reference)}
                  aria-label={`New sandbox from ${image.reference}`}
                >
                  <Plus className="icon" aria-hidden />
                  New sandbox
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

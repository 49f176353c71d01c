import { Download } from 'lucide-react';
import { useStore } from 'zustand';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { problemOfReference } from './build-draft.ts';
import { pullImage } from './image-actions.ts';
import { ImageField } from './image-field.tsx';
import { imageStore } from './image-store.ts';

/** One line that gets an image from its registry. */
export function PullForm() {
  const { connection } = useBridge();
  const draft = useStore(imageStore, (state) => state.draft);
  const error = useStore(imageStore, (state) => state.pullError);
  const problem = problemOfReference(draft);
  const isComplete = draft !== '' && problem === undefined;
  const pull = async () => {
    const operation = await pullImage(connection.client, draft);
    if (operation !== undefined) imageStore.setState({ draft: '' });
  };
  return (
    <form
      className="pull-form"
      aria-label="Pull an image"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) void pull();
      }}
    >
      <ImageField
        label="Image reference"
        value={draft}
        onChange={(value) => {
          imageStore.setState({ draft: value });
        }}
        error={problem}
        after={
          <Button type="submit" icon={Download} variant="primary" disabled={!isComplete}>
            Pull
          </Button>
        }
      />
      {error !== undefined && (
        <ErrorNotice
          {...describeError(error)}
          onDismiss={() => {
            imageStore.setState({ pullError: undefined });
          }}
        />
      )}
    </form>
  );
}

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { CheckField } from '../../../ui/check-field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { formatBytes } from '../../../ui/format.ts';
import { Warning } from '../../../ui/warning.tsx';
import { describeRemoval, loadUsage } from '../image-actions.ts';
import { imageStore } from '../image-store.ts';
import { SandboxNames } from '../sandbox-names.tsx';
import { sandboxesOf } from '../../../words/error-words.ts';
import { CallError } from './call-error.tsx';

/** Asks before an image goes; says what goes with it, what stays, and who still needs it. */
export function RemoveImageDialog(props: {
  readonly reference: string;
  readonly sandboxHref: (name: string) => string;
  readonly onClose: () => void;
}) {
  const { reference, sandboxHref, onClose } = props;
  const { connection } = useBridge();
  const [isForced, setIsForced] = useState(false);
  const call = useCall();
  const digest = useStore(
    imageStore,
    ({ images }) => images.find((image) => image.reference === reference)?.digest,
  );
  const known = useStore(imageStore, ({ usage }) =>
    usage?.images.find((image) => image.digest === digest),
  );
  useEffect(() => {
    void loadUsage(connection.client);
  }, [connection]);
  const refusal = call.error?.code === 'image/in-use' ? call.error : undefined;
  const users = refusal === undefined ? (known?.usedBy ?? []) : sandboxesOf(refusal);
  const isInUse = refusal !== undefined || users.length > 0;
  return (
    <FormDialog
      title={`Remove ${reference}?`}
      submitLabel={isInUse ? 'Remove all the same' : 'Remove'}
      isDangerous
      isDisabled={isInUse && !isForced}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        void call
          .run(async () => {
            const request = { reference, force: isForced };
            const removal = await connection.client.images.remove(request);
            imageStore.setState({ notice: { text: describeRemoval(removal) } });
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      {isInUse ? (
        <>
          <Warning>
            It is the root of{' '}
            {users.length === 0 ? 'sandboxes' : <SandboxNames names={users} hrefOf={sandboxHref} />}
            .
          </Warning>
          <ul>
            <li>
              <strong>Goes:</strong> the name. No new sandbox can be made of it until it is pulled
              or imported again.
            </li>
            <li>
              <strong>Stays:</strong> these sandboxes, and the layers they need, until the last of
              them is removed. No room is freed before.
            </li>
          </ul>
          <CheckField
            label="Remove the name although sandboxes use the image"
            isChecked={isForced}
            onChange={setIsForced}
          />
        </>
      ) : (
        <ul>
          <li>
            <strong>Goes:</strong> the image
            {known === undefined && ' and every layer that no other image has'}
            {known !== undefined &&
              known.uniqueBytes > 0 &&
              `, with ${formatBytes(known.uniqueBytes)} of layers that no other image has`}
            . It can be pulled again where it came from a registry.
          </li>
          <li>
            <strong>Stays:</strong>{' '}
            {known !== undefined && known.sharedBytes > 0
              ? `${formatBytes(known.sharedBytes)} of layers that other images have, and every`
              : 'every'}{' '}
            sandbox with its disk.
          </li>
        </ul>
      )}
      {refusal === undefined && <CallError call={call} />}
    </FormDialog>
  );
}

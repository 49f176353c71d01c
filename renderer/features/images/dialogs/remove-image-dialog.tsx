import { useEffect, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
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
  const { t } = useTranslation('images');
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
      title={t('dialogs.remove.title', { reference })}
      submitLabel={isInUse ? t('dialogs.remove.submitForced') : t('dialogs.remove.submit')}
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
            {users.length === 0 ? (
              t('dialogs.remove.rootOfSandboxes')
            ) : (
              <Trans
                t={t}
                i18nKey="dialogs.remove.rootOf"
                components={{ names: <SandboxNames names={users} hrefOf={sandboxHref} /> }}
              />
            )}
          </Warning>
          <ul>
            <li>
              <Trans t={t} i18nKey="dialogs.remove.goesName" />
            </li>
            <li>
              <Trans t={t} i18nKey="dialogs.remove.staysSandboxes" />
            </li>
          </ul>
          <CheckField
            label={t('dialogs.remove.force')}
            isChecked={isForced}
            onChange={setIsForced}
          />
        </>
      ) : (
        <ul>
          <li>
            {known === undefined ? (
              <Trans t={t} i18nKey="dialogs.remove.goesAny" />
            ) : known.uniqueBytes > 0 ? (
              <Trans
                t={t}
                i18nKey="dialogs.remove.goesSize"
                values={{ size: formatBytes(known.uniqueBytes) }}
              />
            ) : (
              <Trans t={t} i18nKey="dialogs.remove.goesImage" />
            )}
          </li>
          <li>
            {known !== undefined && known.sharedBytes > 0 ? (
              <Trans
                t={t}
                i18nKey="dialogs.remove.staysShared"
                values={{ size: formatBytes(known.sharedBytes) }}
              />
            ) : (
              <Trans t={t} i18nKey="dialogs.remove.stays" />
            )}
          </li>
        </ul>
      )}
      {refusal === undefined && <CallError call={call} />}
    </FormDialog>
  );
}

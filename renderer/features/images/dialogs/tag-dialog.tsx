import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { TextField } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { Warning } from '../../../ui/warning.tsx';
import { problemOfReference } from '../build-draft.ts';
import { imageStore } from '../image-store.ts';
import { CallError } from './call-error.tsx';

/** Asks for another name of an image. */
export function TagDialog(props: { readonly reference: string; readonly onClose: () => void }) {
  const { t } = useTranslation('images');
  const { reference, onClose } = props;
  const { connection } = useBridge();
  const images = useStore(imageStore, (state) => state.images);
  const [as, setAs] = useState('');
  const call = useCall();
  const problem = problemOfReference(as);
  const digest = images.find((image) => image.reference === reference)?.digest;
  const other = images.find((image) => image.reference === as && image.digest !== digest);
  return (
    <FormDialog
      title={t('dialogs.tag.title', { reference })}
      submitLabel={t('dialogs.tag.submit')}
      isDisabled={as === '' || problem !== undefined}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        void call
          .run(async () => {
            await connection.client.images.tag({ reference, as });
            const text = t('dialogs.tag.done', { reference, name: as });
            imageStore.setState({ notice: { text } });
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      <TextField
        label={t('dialogs.tag.name')}
        value={as}
        mono
        placeholder="registry.example/team/app:1.0"
        onChange={(typed) => {
          setAs(typed.trim());
        }}
        error={problem}
        help={t('dialogs.tag.nameHelp')}
      />
      {other !== undefined && <Warning>{t('dialogs.tag.taken')}</Warning>}
      <CallError call={call} />
    </FormDialog>
  );
}

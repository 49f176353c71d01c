import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseImageReference } from '../../../../main/contract/image-reference.ts';
import type { Operation } from '../../../../main/contract/operation.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { TextField } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { problemOfReference } from '../build-draft.ts';
import { pushImage } from '../image-actions.ts';
import { CallError } from './call-error.tsx';

/** Asks under which name an image goes to its registry. */
export function PushDialog(props: {
  readonly reference: string;
  readonly onStarted: (operation: Operation) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('images');
  const { reference, onStarted, onClose } = props;
  const { connection } = useBridge();
  const [as, setAs] = useState(reference);
  const call = useCall();
  const problem = problemOfReference(as);
  const parsed = parseImageReference(as);
  return (
    <FormDialog
      title={t('dialogs.push.title', { reference })}
      submitLabel={t('dialogs.push.submit')}
      isDisabled={!parsed.ok}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        void call
          .run(async () => {
            const request = { reference, ...(as === reference ? {} : { as }) };
            onStarted(await pushImage(connection.client, request));
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      <TextField
        label={t('dialogs.push.name')}
        value={as}
        mono
        onChange={(typed) => {
          setAs(typed.trim());
        }}
        error={problem}
        help={
          parsed.ok
            ? t('dialogs.push.goesTo', { registry: parsed.reference.registry })
            : t('dialogs.push.nameHelp')
        }
      />
      <CallError call={call} />
    </FormDialog>
  );
}

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operation } from '../../../../main/contract/operation.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { TextField } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { problemOfReference } from '../build-draft.ts';
import { CallError } from './call-error.tsx';

/** Asks for the name of the image that a sandbox becomes. */
export function CommitDialog(props: {
  readonly sandbox: string;
  readonly onStarted: (operation: Operation) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('images');
  const { sandbox, onStarted, onClose } = props;
  const { connection } = useBridge();
  const [reference, setReference] = useState(`${sandbox.toLowerCase()}:snapshot`);
  const [message, setMessage] = useState('');
  const [author, setAuthor] = useState('');
  const call = useCall();
  const problem = problemOfReference(reference);
  return (
    <FormDialog
      title={t('dialogs.commit.title', { sandbox })}
      submitLabel={t('dialogs.commit.submit')}
      isDisabled={reference === '' || problem !== undefined}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        void call
          .run(async () => {
            const request = {
              ...{ sandbox, reference },
              ...(message === '' ? {} : { message }),
              ...(author === '' ? {} : { author }),
            };
            onStarted(await connection.client.images.commit(request));
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      <TextField
        label={t('dialogs.commit.name')}
        value={reference}
        mono
        onChange={(typed) => {
          setReference(typed.trim());
        }}
        error={problem}
        help={t('dialogs.commit.nameHelp')}
      />
      <TextField
        label={t('dialogs.commit.message')}
        value={message}
        onChange={(typed) => {
          setMessage(typed.slice(0, 1000));
        }}
        help={t('dialogs.commit.messageHelp')}
      />
      <TextField
        label={t('dialogs.commit.author')}
        value={author}
        onChange={(typed) => {
          setAuthor(typed.slice(0, 200));
        }}
      />
      <CallError call={call} />
    </FormDialog>
  );
}

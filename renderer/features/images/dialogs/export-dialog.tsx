import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArchiveFormat } from '../../../../main/contract/image-transfer.ts';
import type { Operation } from '../../../../main/contract/operation.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { PathField } from '../../../bridge/path-field.tsx';
import { useCall } from '../../../bridge/use-call.ts';
import { CheckField } from '../../../ui/check-field.tsx';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { problemOfPath } from '../build-draft.ts';
import { CallError } from './call-error.tsx';

/** Asks where an image is written to, and in which form. */
export function ExportDialog(props: {
  readonly reference: string;
  readonly onStarted: (operation: Operation) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('images');
  const { reference, onStarted, onClose } = props;
  const { connection } = useBridge();
  const [path, setPath] = useState(`~/${fileNameOf(reference)}.tar`);
  const [format, setFormat] = useState<ArchiveFormat>('oci');
  const [replace, setReplace] = useState(false);
  const call = useCall();
  const problem = problemOfPath(path);
  const isThere = call.error?.code === 'image/file-exists';
  return (
    <FormDialog
      title={t('dialogs.export.title', { reference })}
      submitLabel={t('dialogs.export.submit')}
      isDisabled={path === '' || problem !== undefined || (isThere && !replace)}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        void call
          .run(async () => {
            const request = { references: [reference], path, format, replace };
            onStarted(await connection.client.images.export(request));
          })
          .then((isDone) => {
            if (isDone) onClose();
          });
      }}
    >
      <PathField
        label={t('dialogs.export.file')}
        value={path}
        wants="any"
        onChange={(typed) => {
          setPath(typed);
          setReplace(false);
          call.clearError();
        }}
        error={problem}
      />
      <ChoiceCards
        label={t('dialogs.export.format')}
        value={format}
        onChange={setFormat}
        choices={[
          { value: 'oci', label: t('dialogs.export.oci'), remark: t('dialogs.export.ociRemark') },
          {
            value: 'docker',
            label: t('dialogs.export.docker'),
            remark: t('dialogs.export.dockerRemark'),
          },
        ]}
      />
      <CallError call={call} />
      {isThere && (
        <CheckField
          label={t('dialogs.export.replace')}
          isChecked={replace}
          onChange={setReplace}
          help={t('dialogs.export.replaceHelp')}
        />
      )}
    </FormDialog>
  );
}

function fileNameOf(reference: string): string {
  const last = reference.replace(/@.*$/, '').split('/').at(-1) ?? 'image';
  return last.replaceAll(/[^\w.-]+/g, '-');
}

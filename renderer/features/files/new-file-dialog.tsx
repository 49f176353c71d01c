import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../bridge/bridge-error.ts';
import { useCall } from '../../bridge/use-call.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { loadDirectory, setSelection } from './directory-actions.ts';
import { useFilesScope } from './files-scope.tsx';
import { joinPath, problemOfName } from './guest-path.ts';
import { selectOnly } from './selection.ts';

/** Asks for the name of a new directory or file; a file is opened then. */
export function NewFileDialog(props: {
  readonly path: string;
  readonly kind: 'folder' | 'file';
  readonly onClose: () => void;
}) {
  const { path: directory, kind, onClose } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const { client, name } = scope;
  const call = useCall();
  const [typed, setTyped] = useState('');
  const problem = problemOfName(typed);
  const make = async () => {
    const path = joinPath(directory, typed);
    const isMade = await call.run(() =>
      kind === 'folder'
        ? client.files.makeDirectory({ name, path })
        : client.files.write({ name, path, text: '' }),
    );
    if (!isMade) return;
    setSelection(scope.store, directory, selectOnly(typed));
    await loadDirectory(scope, directory);
    onClose();
    if (kind === 'file') scope.open(path);
  };
  return (
    <FormDialog
      title={t(kind === 'folder' ? 'newFolderTitle' : 'newFileTitle', { path: directory })}
      submitLabel={t('make')}
      isDisabled={problem !== undefined}
      isBusy={call.isBusy}
      onSubmit={() => void make()}
      onClose={onClose}
    >
      <TextField
        label={t('name')}
        mono
        value={typed}
        onChange={setTyped}
        error={typed === '' || problem === undefined ? undefined : t(problem)}
      />
      {call.error !== undefined && <ErrorNotice {...describeError(call.error)} />}
    </FormDialog>
  );
}

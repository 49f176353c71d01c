import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { FileEntry } from '../../../main/contract/files.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { act } from './directory-actions.ts';
import { dropDocuments, unsavedPaths } from './document-store.ts';
import { FileIcon } from './file-icon.tsx';
import { useFilesScope } from './files-scope.tsx';
import { isWithin, joinPath } from './guest-path.ts';
import './file-dialogs.css';

/** Names that are shown; a long list says how many more there are. */
const maxShown = 50;

/** Names what goes, and asks whether directories go with all that is in them. */
export function RemoveFilesDialog(props: {
  readonly path: string;
  readonly entries: readonly FileEntry[];
  readonly onClose: () => void;
}) {
  const { path: directory, entries, onClose } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const [isRecursive, setIsRecursive] = useState(false);
  const hasDirectory = entries.some(({ kind }) => kind === 'directory');
  const paths = entries.map((entry) => joinPath(directory, entry.name));
  const isUnsaved = useStore(scope.documents, (state) =>
    unsavedPaths(state).some((path) => paths.some((gone) => isWithin(path, gone))),
  );
  const remove = async () => {
    onClose();
    const gone: string[] = [];
    await act(scope, directory, async () => {
      for (const [index, path] of paths.entries()) {
        const recursive = isRecursive && entries[index]?.kind === 'directory';
        await scope.client.files.remove({ name: scope.name, path, recursive });
        gone.push(path);
      }
    });
    dropDocuments(scope.documents, gone);
  };
  return (
    <FormDialog
      title={t('removeTitle', { count: entries.length, name: entries[0]?.name ?? '' })}
      submitLabel={t('removeConfirm')}
      isDangerous
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>{t('removeGoes', { path: directory })}</p>
      <ul className="dialog-list">
        {entries.slice(0, maxShown).map((entry) => (
          <li key={entry.name} className="file-goes">
            <FileIcon entry={entry} />
            <span className="mono">{entry.name}</span>
          </li>
        ))}
        {entries.length > maxShown && (
          <li>{t('removeMore', { count: entries.length - maxShown })}</li>
        )}
      </ul>
      {hasDirectory && (
        <CheckField
          label={t('removeRecursive')}
          help={t('removeRecursiveHelp')}
          isChecked={isRecursive}
          onChange={setIsRecursive}
        />
      )}
      {isUnsaved && <p>{t('removeUnsaved')}</p>}
    </FormDialog>
  );
}

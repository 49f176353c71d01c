import type { FileEntry } from '../../../main/contract/files.ts';
import { NewFileDialog } from './new-file-dialog.tsx';
import { PermissionsDialog } from './permissions-dialog.tsx';
import { RemoveFilesDialog } from './remove-files-dialog.tsx';

/** What is asked before something is done in a directory. */
export type FileQuestion =
  | { readonly kind: 'remove' | 'permissions'; readonly entries: readonly FileEntry[] }
  | { readonly kind: 'folder' | 'file' };

/** The dialog of a question. */
export function FileDialogs(props: {
  readonly path: string;
  readonly question: FileQuestion | undefined;
  readonly onClose: () => void;
}) {
  const { path, question, onClose } = props;
  switch (question?.kind) {
    case undefined:
      return null;
    case 'remove':
      return <RemoveFilesDialog path={path} entries={question.entries} onClose={onClose} />;
    case 'permissions':
      return <PermissionsDialog path={path} entries={question.entries} onClose={onClose} />;
    case 'folder':
    case 'file':
      return <NewFileDialog path={path} kind={question.kind} onClose={onClose} />;
  }
}

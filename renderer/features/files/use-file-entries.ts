import { Copy, Download, FolderOpen, KeyRound, SquarePen, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FileEntry } from '../../../main/contract/files.ts';
import { copyText } from '../../ui/clipboard.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import type { FileQuestion } from './file-dialogs.tsx';
import { useFilesScope } from './files-scope.tsx';
import { joinPath } from './guest-path.ts';
import { download } from './transfers.ts';

/** What can be done with what is chosen, by the keys of the list too. */
export interface FileActions {
  readonly open: MenuEntry;
  readonly rename: MenuEntry;
  readonly download: MenuEntry;
  readonly permissions: MenuEntry;
  readonly copyPath: MenuEntry;
  readonly remove: MenuEntry;
}

/** See {@link FileActions}; an action that makes no sense for what is chosen is disabled. */
export function useFileEntries(
  directory: string,
  chosen: readonly FileEntry[],
  on: {
    readonly onOpen: (entry: FileEntry) => void;
    readonly onRename: (entry: FileEntry) => void;
    readonly onAsk: (question: FileQuestion) => void;
  },
): FileActions {
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  // What the image had and the sandbox has not can only be looked at.
  const present = chosen.filter(({ change }) => change !== 'removed');
  const [first] = present;
  const isDisabled = first === undefined;
  const isNotOne = isDisabled || chosen.length !== 1;
  const one = (run: (entry: FileEntry) => void) => () => {
    if (first !== undefined && !isNotOne) run(first);
  };
  const some = (run: (entries: readonly FileEntry[]) => void) => () => {
    if (!isDisabled) run(present);
  };
  return {
    open: { label: t('open'), icon: FolderOpen, isDisabled: isNotOne, onSelect: one(on.onOpen) },
    rename: {
      label: t('rename'),
      icon: SquarePen,
      isDisabled: isNotOne,
      onSelect: one(on.onRename),
    },
    download: {
      ...{ label: t('download'), icon: Download, isDisabled },
      onSelect: some((entries) => void download(scope, directory, entries)),
    },
    permissions: {
      ...{ label: t('permissions'), icon: KeyRound, isDisabled },
      onSelect: some((entries) => {
        on.onAsk({ kind: 'permissions', entries });
      }),
    },
    copyPath: {
      ...{ label: t('copyPath', { count: chosen.length }), icon: Copy, isDisabled },
      onSelect: some((entries) => {
        void copyText(entries.map(({ name }) => joinPath(directory, name)).join('\n'));
      }),
    },
    remove: {
      ...{ label: t('remove'), icon: Trash2, isDisabled, isDangerous: true },
      onSelect: some((entries) => {
        on.onAsk({ kind: 'remove', entries });
      }),
    },
  };
}

/** In the order of the menus. */
export function entriesInOrder(actions: FileActions): readonly MenuEntry[] {
  const { open, rename, download: save, permissions, copyPath, remove } = actions;
  return [open, save, rename, permissions, copyPath, remove];
}

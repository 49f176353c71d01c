import {
  Download,
  EllipsisVertical,
  FilePlus,
  FileUp,
  FolderPlus,
  FolderUp,
  Plus,
  Upload,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button, IconButton } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { ActionMenu } from '../../ui/menu.tsx';
import { entriesInOrder, type FileActions } from './use-file-entries.ts';
import { viewStore } from './view-store.ts';

/** What can be done in a directory and with what is chosen in it. */
export function FilesToolbar(props: {
  readonly actions: FileActions;
  readonly onNew: (kind: 'folder' | 'file') => void;
  readonly onUploadFiles: () => void;
  readonly onUploadFolder: () => void;
}) {
  const { actions, onNew, onUploadFiles, onUploadFolder } = props;
  const { t } = useTranslation('files');
  const showHidden = useStore(viewStore, (state) => state.showHidden);
  const entry = (label: string, icon: typeof FilePlus, onSelect: () => void) => ({
    ...{ label, icon, onSelect },
  });
  return (
    <div className="files-toolbar">
      <ActionMenu
        trigger={<Button icon={Plus}>{t('new')}</Button>}
        entries={[
          entry(t('newFolder'), FolderPlus, () => {
            onNew('folder');
          }),
          entry(t('newFile'), FilePlus, () => {
            onNew('file');
          }),
        ]}
      />
      <ActionMenu
        trigger={<Button icon={Upload}>{t('upload')}</Button>}
        entries={[
          entry(t('uploadFiles'), FileUp, onUploadFiles),
          entry(t('uploadFolder'), FolderUp, onUploadFolder),
        ]}
      />
      <Button
        icon={Download}
        disabled={actions.download.isDisabled}
        onClick={actions.download.onSelect}
      >
        {t('download')}
      </Button>
      <ActionMenu
        trigger={<IconButton icon={EllipsisVertical} label={t('more')} />}
        entries={entriesInOrder(actions)}
      />
      <div className="files-toolbar-end">
        <CheckField
          label={t('hidden')}
          isChecked={showHidden}
          onChange={(isChecked) => {
            viewStore.setState({ showHidden: isChecked });
          }}
        />
      </div>
    </div>
  );
}

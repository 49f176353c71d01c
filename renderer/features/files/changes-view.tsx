import { FileCheck, FileDiff, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeError } from '../../bridge/bridge-error.ts';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { Button } from '../../ui/button.tsx';
import { ChangedList } from '../../ui/changed-list.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { loadChanges } from './directory-actions.ts';
import { useFilesScope } from './files-scope.tsx';

/** What the sandbox has that its image has not. */
export function ChangesView({ hasImage }: { readonly hasImage: boolean }) {
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const changes = useStore(scope.store, (state) => state.changes);
  const error = useStore(scope.store, (state) => state.changesError);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (hasImage && isConnected) void loadChanges(scope);
  }, [scope, hasImage, isConnected]);
  if (!hasImage) {
    return (
      <EmptyState icon={FileDiff} title={t('changesLabel')}>
        {t('changesNoImage')}
      </EmptyState>
    );
  }
  return (
    <>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {changes !== undefined && <ChangesAge />}
      {changes === undefined ? (
        error === undefined && <p className="quiet files-note">{t('loading', { path: '/' })}</p>
      ) : changes.files.length === 0 ? (
        <EmptyState icon={FileCheck} title={t('changesNoneTitle')}>
          {t('changesNoneText')}
        </EmptyState>
      ) : (
        <ChangedList
          {...changes}
          label={t('changesLabel')}
          note={t('changesText')}
          hrefOf={scope.hrefOf}
          onFollow={() => {
            scope.store.setState({ isShowingChanges: false });
          }}
        />
      )}
    </>
  );
}

/** When the list was read: it stays as it was then, however the sandbox goes on. */
function ChangesAge() {
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const readAtMs = useStore(scope.store, (state) => state.changesReadAtMs);
  const [isReading, setIsReading] = useState(false);
  if (readAtMs === undefined) return null;
  return (
    <div className="files-toolbar">
      <span className="quiet">
        {t('changesRead')} <Ago key={readAtMs} atMs={readAtMs} />
      </span>
      <Button
        icon={RefreshCw}
        className="files-toolbar-end"
        disabled={isReading}
        onClick={() => {
          setIsReading(true);
          void loadChanges(scope).then(() => {
            setIsReading(false);
          });
        }}
      >
        {t('changesRefresh')}
      </Button>
    </div>
  );
}

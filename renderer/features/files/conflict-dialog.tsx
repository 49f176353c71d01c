import { Dialog } from '@base-ui/react/dialog';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../ui/button.tsx';
import { topNames, type ConflictChoice } from './conflicts.ts';
import { useFilesScope } from './files-scope.tsx';
import { answerConflict } from './transfers.ts';
import '../../ui/dialog.css';

/** Names that are shown; a long list says how many more there are. */
const maxShown = 20;

/** Asks what to do with names that are there already; to close it sends nothing. */
export function ConflictDialog() {
  const { t } = useTranslation('files');
  const { t: ui } = useTranslation('ui');
  const scope = useFilesScope();
  const asked = useStore(scope.transfers, (state) => state.pending[0]);
  if (asked === undefined) return null;
  const names = topNames(asked.items).filter((name) => asked.taken.has(name));
  const isFolder = asked.items.some(
    ({ path }) => names.includes(path.split('/', 1)[0] ?? '') && path.includes('/'),
  );
  const answer = (choice: ConflictChoice | undefined) => () => void answerConflict(scope, choice);
  return (
    <Dialog.Root
      open
      disablePointerDismissal
      onOpenChange={(isOpen) => {
        if (!isOpen) answer(undefined)();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">
            {t('conflictTitle', { count: names.length, name: names[0] ?? '' })}
          </Dialog.Title>
          <div className="dialog-body">
            <p>{t('conflictText', { path: asked.directory })}</p>
            <ul className="dialog-list">
              {names.slice(0, maxShown).map((name) => (
                <li key={name} className="mono">
                  {name}
                </li>
              ))}
              {names.length > maxShown && (
                <li>{t('removeMore', { count: names.length - maxShown })}</li>
              )}
            </ul>
            {isFolder && <p className="quiet">{t('conflictMerge')}</p>}
          </div>
          <div className="dialog-actions">
            <Dialog.Close render={<Button />}>{ui('cancel')}</Dialog.Close>
            <Button onClick={answer('skip')}>{t('conflictSkip')}</Button>
            <Button onClick={answer('keep-both')}>{t('conflictKeep')}</Button>
            <Button variant="danger" onClick={answer('replace')}>
              {t('conflictReplace')}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

import { useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { isAlive } from '../state-rules.ts';

/** Asks before several sandboxes go, and names each. */
export function BulkRemoveDialog(props: {
  /** None: it is closed. */
  readonly sandboxes: readonly Sandbox[];
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const { sandboxes, onConfirm, onClose } = props;
  const { t } = useTranslation('sandboxes');
  const alive = sandboxes.filter(({ state }) => isAlive(state)).length;
  return (
    <ConfirmDialog
      isOpen={sandboxes.length > 0}
      onClose={onClose}
      title={t('bulkRemoveTitle', { count: sandboxes.length })}
      confirmLabel={t('bulkRemoveConfirm', { count: sandboxes.length })}
      isDangerous
      onConfirm={onConfirm}
    >
      <ul className="bulk-names">
        {sandboxes.map(({ id, name, state }) => (
          <li key={id}>
            <strong className="mono">{name}</strong>{' '}
            <span className="quiet">{t(`states.${state}`)}</span>
          </li>
        ))}
      </ul>
      {alive > 0 && <p>{t('bulkRemoveAlive', { count: alive })}</p>}
      <p>{t('bulkRemoveGoes')}</p>
      <p>{t('bulkRemoveStays')}</p>
    </ConfirmDialog>
  );
}

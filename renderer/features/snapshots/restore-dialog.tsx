import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { memoryOfSandbox, memoryOfSnapshot } from './memory-of.ts';
import { restoreSnapshot } from './snapshot-actions.ts';
import { MemoryField, useNamesOf } from './snapshot-dialogs.tsx';
import { problemOfSnapshotName, proposeSnapshotName } from './snapshot-names.ts';

/** Asks before a sandbox is put back: what is lost, unless a snapshot of it is taken first. */
export function RestoreDialog(props: {
  readonly sandbox: Sandbox;
  readonly snapshot: Snapshot;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('snapshots');
  const { sandbox, snapshot, onClose } = props;
  const { client } = useBridge().connection;
  const taken = useNamesOf(sandbox.id);
  const [keeps, setKeeps] = useState(true);
  const [name, setName] = useState(() => proposeSnapshotName(taken, new Date()));
  const [wantsMemory, setWantsMemory] = useState(true);
  const offer = memoryOfSnapshot(snapshot);
  const withMemory = offer.isPossible && wantsMemory;
  const problem = keeps ? problemOfSnapshotName(name, taken) : undefined;
  const present = memoryOfSandbox(sandbox);
  const hasMemory = sandbox.state !== 'stopped' && sandbox.state !== 'crashed';
  return (
    <FormDialog
      title={t('restore.title', { sandbox: sandbox.name, name: snapshot.name })}
      submitLabel={keeps ? t('restore.submitAfter') : t('restore.submit')}
      isDangerous={!keeps}
      isDisabled={problem !== undefined}
      onClose={onClose}
      onSubmit={() => {
        void restoreSnapshot(client, sandbox.id, {
          ...{ id: snapshot.id, name: sandbox.name, withMemory },
          keepAs: keeps ? name : undefined,
          keepMemory: present.isPossible,
        });
        onClose();
      }}
    >
      <ul>
        <li>
          <Trans t={t} i18nKey={keeps ? 'restore.goesKept' : 'restore.goes'} />
        </li>
        {hasMemory && (
          <li>
            <Trans t={t} i18nKey="restore.goesMemory" />
          </li>
        )}
        <li>
          <Trans t={t} i18nKey="restore.stays" />
        </li>
      </ul>
      <CheckField
        label={t('restore.keep')}
        isChecked={keeps}
        onChange={setKeeps}
        help={t('restore.keepHelp')}
      />
      {keeps && (
        <TextField label={t('take.name')} value={name} onChange={setName} error={problem} />
      )}
      <MemoryField
        label={t('memory.restore')}
        help={t('memory.restoreHelp')}
        offer={offer}
        isWanted={wantsMemory}
        onChange={setWantsMemory}
      />
    </FormDialog>
  );
}

import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { sandboxNameSchema } from '../../../main/contract/sandbox-name.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { inLanguage, translate } from '../../words/language.ts';
import { sandboxStore } from './sandbox-store.ts';
import { holdsMemory } from './state-rules.ts';
import '../../ui/dialog.css';

/** Asks for the name of a copy, and whether the disk comes along. */
export function DuplicateDialog(props: {
  readonly sandbox: Sandbox;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDuplicated: (operation: Operation) => void;
}) {
  const { t } = useTranslation('create');
  const { sandbox, isOpen, onClose } = props;
  return (
    <AlertDialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">
            {t('duplicate.title', { name: sandbox.name })}
          </AlertDialog.Title>
          {isOpen && <DuplicateForm {...props} />}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function DuplicateForm(props: Parameters<typeof DuplicateDialog>[0]) {
  const { t } = useTranslation('create');
  const { sandbox, onClose, onDuplicated } = props;
  const { connection } = useBridge();
  const taken = useStore(sandboxStore, (state) => state.sandboxes);
  const [name, setName] = useState(`${sandbox.name}-copy`);
  const [withDisk, setWithDisk] = useState(false);
  const [error, setError] = useState<ErrorData>();
  const [isBusy, setIsBusy] = useState(false);
  const wrong = sandboxNameSchema.safeParse(name).error?.issues[0]?.message;
  const problem =
    (wrong && inLanguage(wrong)) ??
    (taken.some((one) => one.name === name) ? t('duplicate.nameTaken') : undefined);
  const isRunning = holdsMemory(sandbox.state);
  const duplicate = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      const request = { name: sandbox.name, as: name, withDisk };
      onDuplicated(await connection.client.sandboxes.duplicate(request));
      onClose();
    } catch (thrown) {
      setError(toErrorData(thrown));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form
      className="dialog-body"
      aria-label={t('duplicate.label')}
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined && !isBusy) void duplicate();
      }}
    >
      <TextField label={t('duplicate.name')} value={name} mono onChange={setName} error={problem} />
      <CheckField
        label={t('duplicate.withDisk')}
        isChecked={withDisk}
        onChange={setWithDisk}
        help={isRunning ? t('duplicate.stopFirst') : t('duplicate.withDiskHelp')}
      />
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      <div className="dialog-actions">
        <AlertDialog.Close render={<Button />}>{translate('ui:cancel')}</AlertDialog.Close>
        <Button
          type="submit"
          variant="primary"
          disabled={problem !== undefined || isBusy || (withDisk && isRunning)}
        >
          {t('duplicate.submit')}
        </Button>
      </div>
    </form>
  );
}

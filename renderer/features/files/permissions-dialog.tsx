import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileEntry } from '../../../main/contract/files.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useCall } from '../../bridge/use-call.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Warning } from '../../ui/warning.tsx';
import { loadDirectory } from './directory-actions.ts';
import {
  formatMode,
  formatOctal,
  locksDirectories,
  parseOctal,
  specialBits,
  withBit,
} from './file-mode.ts';
import { useFilesScope } from './files-scope.tsx';
import { joinPath } from './guest-path.ts';
import { ownerOf } from './sort-entries.ts';
import './file-dialogs.css';

const who = [
  { key: 'owner', shift: 6 },
  { key: 'group', shift: 3 },
  { key: 'others', shift: 0 },
] as const;
const may = [
  { key: 'read', bit: 4 },
  { key: 'write', bit: 2 },
  { key: 'execute', bit: 1 },
] as const;
const special = ['setuid', 'setgid', 'sticky'] as const;

/** Who may do what with files, and whose they are. Only what was changed is set. */
export function PermissionsDialog(props: {
  readonly path: string;
  readonly entries: readonly FileEntry[];
  readonly onClose: () => void;
}) {
  const { path: directory, entries, onClose } = props;
  const { t } = useTranslation('files');
  const scope = useFilesScope();
  const { client, name } = scope;
  const call = useCall();
  const [first] = entries;
  const [octal, setOctal] = useState(formatOctal(first?.mode ?? 0));
  const [owner, setOwner] = useState(first === undefined ? '' : ownerOf(first));
  const [isRecursive, setIsRecursive] = useState(false);
  const mode = parseOctal(octal);
  const hasDirectory = entries.some(({ kind }) => kind === 'directory');
  const differ =
    first !== undefined &&
    entries.some((one) => one.mode !== first.mode || ownerOf(one) !== ownerOf(first));
  const apply = async () => {
    if (mode === undefined || first === undefined) return;
    const isOwnerChanged = owner.trim() !== ownerOf(first);
    const isDone = await call.run(async () => {
      for (const entry of entries) {
        const path = joinPath(directory, entry.name);
        const recursive = isRecursive && entry.kind === 'directory';
        // The owner first: a change of it takes setuid and setgid away (chown(2)).
        if (isOwnerChanged) {
          await client.files.setOwner({ name, path, owner: owner.trim(), recursive });
        }
        if (isOwnerChanged || recursive || entry.mode !== mode) {
          await client.files.setMode({ name, path, mode, recursive });
        }
      }
    });
    await loadDirectory(scope, directory);
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={t('permissionsTitle', { count: entries.length, name: first?.name ?? '' })}
      submitLabel={t('apply')}
      isDisabled={mode === undefined || owner.trim() === ''}
      isBusy={call.isBusy}
      onSubmit={() => void apply()}
      onClose={onClose}
    >
      {differ && <p className="quiet">{t('mixed', { name: first.name })}</p>}
      <table className="permission-grid">
        <thead>
          <tr>
            <td />
            {may.map(({ key }) => (
              <th key={key} scope="col">
                {t(`may.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {who.map(({ key: one, shift }) => (
            <tr key={one}>
              <th scope="row">{t(`who.${one}`)}</th>
              {may.map(({ key, bit }) => (
                <td key={key}>
                  <input
                    type="checkbox"
                    aria-label={`${t(`who.${one}`)}: ${t(`may.${key}`)}`}
                    disabled={mode === undefined}
                    checked={((mode ?? 0) & (bit << shift)) !== 0}
                    onChange={(event) => {
                      const isSet = event.currentTarget.checked;
                      setOctal(formatOctal(withBit(mode ?? 0, bit << shift, isSet)));
                    }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="dialog-row">
        {special.map((key) => (
          <CheckField
            key={key}
            label={t(`special.${key}`)}
            isChecked={((mode ?? 0) & specialBits[key]) !== 0}
            onChange={(isSet) => {
              setOctal(formatOctal(withBit(mode ?? 0, specialBits[key], isSet)));
            }}
          />
        ))}
      </div>
      <div className="dialog-row">
        <TextField
          label={t('octal')}
          mono
          value={octal}
          onChange={setOctal}
          inputMode="numeric"
          error={mode === undefined ? t('octalError') : undefined}
          help={
            mode === undefined ? undefined : (
              <span className="mono">{formatMode(first?.kind ?? 'file', mode)}</span>
            )
          }
        />
        <TextField
          label={t('ownerField')}
          mono
          value={owner}
          onChange={setOwner}
          help={t('ownerHelp')}
        />
      </div>
      {hasDirectory && (
        <CheckField label={t('recursive')} isChecked={isRecursive} onChange={setIsRecursive} />
      )}
      {hasDirectory && mode !== undefined && locksDirectories(mode) && (
        <Warning>{t('lockWarning')}</Warning>
      )}
      {call.error !== undefined && <ErrorNotice {...describeError(call.error)} />}
    </FormDialog>
  );
}

import { Dialog } from '@base-ui/react/dialog';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Diagnostics, DiagnosticsFile } from '../../../main/contract/diagnostics.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format.ts';
import { saveBlob } from '../../ui/save-text.ts';
import { packDiagnostics, textOfDiagnostics } from './diagnostics-archive.ts';
import { closeDiagnostics, diagnosticsStore } from './diagnostics-store.ts';
import '../../ui/dialog.css';
import './diagnostics-dialog.css';

/** What is in the bundle, all of it, before it is saved or copied. Nothing is sent anywhere. */
export function DiagnosticsDialog() {
  const { t } = useTranslation('host');
  const { isOpen, diagnostics, error } = useStore(diagnosticsStore);
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        if (!open) closeDiagnostics();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog diagnostics">
          <Dialog.Title className="dialog-title">{t('diagnostics.title')}</Dialog.Title>
          <Dialog.Description className="quiet">{t('diagnostics.what')}</Dialog.Description>
          {error !== undefined && <ErrorNotice {...describeError(error)} />}
          {diagnostics === undefined
            ? error === undefined && <p role="status">{t('diagnostics.gathering')}</p>
            : isOpen && <Bundle diagnostics={diagnostics} />}
          <div className="dialog-actions">
            {diagnostics !== undefined && (
              <>
                <CopyButton
                  label={t('diagnostics.copy')}
                  text={() => textOfDiagnostics(diagnostics)}
                />
                <Button
                  icon={Download}
                  variant="primary"
                  onClick={() => {
                    void packDiagnostics(diagnostics).then((blob) => {
                      saveBlob(diagnostics.fileName, blob);
                    });
                  }}
                >
                  {t('diagnostics.save')}
                </Button>
              </>
            )}
            <Dialog.Close render={<Button />}>{t('diagnostics.close')}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Bundle({ diagnostics }: { readonly diagnostics: Diagnostics }) {
  const { t } = useTranslation('host');
  const { files, redactions } = diagnostics;
  const [chosen, setChosen] = useState(files[0]?.path);
  const shown = files.find(({ path }) => path === chosen);
  return (
    <>
      <p>
        <strong>{t('diagnostics.takenOut')}</strong>{' '}
        {redactions.length === 0 ? t('diagnostics.nothing') : redactions.join(', ')}
      </p>
      <div className="diagnostics-files">
        <ul aria-label={t('diagnostics.files')}>
          {files.map((file) => (
            <li key={file.path}>
              <button
                type="button"
                className="diagnostics-file"
                aria-current={file.path === chosen ? 'true' : undefined}
                onClick={() => {
                  setChosen(file.path);
                }}
              >
                <span className="mono">{file.path}</span>
                <span className="quiet">{sizeOf(file)}</span>
              </button>
            </li>
          ))}
        </ul>
        {shown !== undefined && (
          <pre
            key={shown.path}
            className="diagnostics-text"
            tabIndex={0}
            role="region"
            aria-label={t('diagnostics.textOf', { path: shown.path })}
          >
            {shown.isCut && <span className="quiet">{`${t('diagnostics.isCut')}\n`}</span>}
            {shown.text}
          </pre>
        )}
      </div>
    </>
  );
}

function sizeOf({ text }: DiagnosticsFile): string {
  return formatBytes(new Blob([text]).size);
}

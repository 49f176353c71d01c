import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { CheckField } from '../../../ui/check-field.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { closeTerminals } from '../close-terminals.ts';
import { liveTerminals } from '../live-terminals.ts';
import { questionStore } from '../panel-questions.ts';
import { terminalSettingsStore } from '../terminal-settings.ts';

/** Longest text that is shown before it is pasted, in characters. */
const maxPreviewLength = 2_000;

/** What the panel asks before it goes on. */
export function PanelQuestions() {
  return (
    <>
      <PasteQuestion />
      <CloseQuestion />
    </>
  );
}

function PasteQuestion() {
  const { t } = useTranslation('terminals');
  const question = useStore(questionStore, (state) => state.paste);
  const [isLastTime, setIsLastTime] = useState(false);
  const screen = () =>
    question === undefined ? undefined : liveTerminals.get(question.terminalId)?.screen;
  return (
    <ConfirmDialog
      isOpen={question !== undefined}
      title={t('paste.title', { count: question?.paste.lineCount ?? 0 })}
      confirmLabel={t('paste.confirm')}
      onConfirm={() => {
        if (isLastTime) terminalSettingsStore.setState({ warnsOfPaste: false });
        if (question !== undefined) screen()?.paste(question.paste.text);
      }}
      onClose={() => {
        questionStore.setState({ paste: undefined });
        setIsLastTime(false);
        screen()?.focus();
      }}
    >
      <p>{t('paste.why')}</p>
      <pre className="paste-preview" tabIndex={0}>
        {question?.paste.text.slice(0, maxPreviewLength)}
      </pre>
      <CheckField label={t('paste.never')} isChecked={isLastTime} onChange={setIsLastTime} />
    </ConfirmDialog>
  );
}

function CloseQuestion() {
  const { t } = useTranslation('terminals');
  const { client } = useBridge().connection;
  const question = useStore(questionStore, (state) => state.close);
  return (
    <ConfirmDialog
      isOpen={question !== undefined}
      title={t('close.title', { count: question?.terminalIds.length ?? 0 })}
      confirmLabel={t('close.confirm')}
      isDangerous
      onConfirm={() => {
        if (question !== undefined) closeTerminals(client, question.terminalIds);
      }}
      onClose={() => {
        questionStore.setState({ close: undefined });
      }}
    >
      <ul>
        {question?.programs.map(({ name, sandbox }, index) => (
          <li key={index}>{t('close.running', { name, sandbox })}</li>
        ))}
      </ul>
      <p>{t('close.goes')}</p>
    </ConfirmDialog>
  );
}

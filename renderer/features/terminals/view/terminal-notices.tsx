import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../../main/contract/error.ts';
import { commandOfError, describeError } from '../../../bridge/bridge-error.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { copyText } from '../../../ui/clipboard.ts';
import { CopyButton } from '../../../ui/copy.tsx';
import { formatBytes } from '../../../ui/format.ts';
import { liveTerminals } from '../live-terminals.ts';
import type { Terminal, TerminalNotice } from '../model/terminal.ts';
import { terminalSettingsStore } from '../terminal-settings.ts';
import { dismissNotice, updateTerminal } from '../terminal-store.ts';

/** Longest text of a program that is shown before it is copied, in characters. */
const maxPreviewLength = 200;

/** What is said about a terminal, each on a line of its own, until it is dismissed. */
export function TerminalNotices(props: {
  readonly terminal: Terminal;
  /** Its sandbox stands still: whoever asks for a size now is answered later. */
  readonly isStill: boolean;
}) {
  const { terminal, isStill } = props;
  const { t } = useTranslation('terminals');
  const { id, notices, foreignSize, phase } = terminal;
  return (
    <>
      {foreignSize !== undefined && phase.kind === 'open' && !isStill && (
        <div className="terminal-status terminal-foreign-size" role="status">
          <p>{t('notice.foreignSize', { ...foreignSize })}</p>
          <Button
            onClick={() => {
              liveTerminals.get(id)?.useOwnSize();
              liveTerminals.get(id)?.screen.focus();
            }}
          >
            {t('notice.useOwnSize')}
          </Button>
          <IconButton
            icon={X}
            label={t('status.dismiss')}
            onClick={() => {
              updateTerminal(id, { foreignSize: undefined });
              liveTerminals.get(id)?.screen.focus();
            }}
          />
        </div>
      )}
      {notices.map((notice) => (
        <Notice key={notice.kind} id={id} notice={notice} />
      ))}
    </>
  );
}

function Notice({ id, notice }: { readonly id: string; readonly notice: TerminalNotice }) {
  const { t } = useTranslation('terminals');
  const dismiss = () => {
    dismissNotice(id, notice.kind);
    liveTerminals.get(id)?.screen.focus();
  };
  switch (notice.kind) {
    case 'text':
      return (
        <Line onDismiss={dismiss}>
          <p>{notice.text}</p>
        </Line>
      );
    case 'other-shell':
      return (
        <Line onDismiss={dismiss}>
          <p>{t('notice.otherShell', { wanted: notice.wanted, path: notice.path })}</p>
        </Line>
      );
    case 'gap':
      return (
        <Line onDismiss={dismiss}>
          <p>{t('notice.gap', { size: formatBytes(notice.byteCount) })}</p>
        </Line>
      );
    case 'clipboard':
      return <ClipboardNotice text={notice.text} onDone={dismiss} />;
    case 'not-opened':
      return <NotOpenedNotice error={notice.error} onDismiss={dismiss} />;
  }
}

function ClipboardNotice(props: { readonly text: string; readonly onDone: () => void }) {
  const { text, onDone } = props;
  const { t } = useTranslation('terminals');
  const isLong = text.length > maxPreviewLength;
  const copy = () => {
    void copyText(text);
    onDone();
  };
  return (
    <Line>
      <p>{t('notice.clipboard', { count: text.length })}</p>
      <code className="terminal-clipboard" title={text.slice(0, maxPreviewLength)}>
        {text.slice(0, maxPreviewLength)}
        {isLong && '…'}
      </code>
      <Button onClick={copy}>{t('notice.allow')}</Button>
      <Button
        onClick={() => {
          terminalSettingsStore.setState({ clipboardWrites: 'allow' });
          copy();
        }}
      >
        {t('notice.allowAlways')}
      </Button>
      <Button onClick={onDone}>{t('notice.deny')}</Button>
    </Line>
  );
}

function NotOpenedNotice(props: { readonly error: ErrorData; readonly onDismiss: () => void }) {
  const { t } = useTranslation('terminals');
  const { title, code, message, hint, report } = describeError(props.error);
  const command = commandOfError(props.error);
  return (
    <Line isError onDismiss={props.onDismiss}>
      <p>
        <strong>{title}</strong> <code>{code}</code>
        <br />
        {message} → {hint}
        {command !== undefined && (
          <>
            <br />
            <code>{command}</code>
          </>
        )}
      </p>
      {command !== undefined && <CopyButton text={() => command} label={t('notice.copyCommand')} />}
      <CopyButton text={report} label={t('status.copyReport')} />
    </Line>
  );
}

function Line(props: {
  readonly children: ReactNode;
  readonly isError?: boolean;
  readonly onDismiss?: () => void;
}) {
  const { t } = useTranslation('terminals');
  const { isError = false } = props;
  return (
    <div
      className={isError ? 'terminal-status terminal-status-error' : 'terminal-status'}
      role={isError ? 'alert' : 'status'}
    >
      {props.children}
      {props.onDismiss !== undefined && (
        <IconButton icon={X} label={t('status.dismiss')} onClick={props.onDismiss} />
      )}
    </div>
  );
}

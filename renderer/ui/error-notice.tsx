import { TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { CopyButton } from './copy.tsx';
import './error-notice.css';

/** Props of {@link ErrorNotice}. */
export interface ErrorNoticeProps {
  readonly title: string;
  readonly code: string;
  /** What happened, with the value. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  /** Evidence, in order. */
  readonly details?: readonly { readonly label: string; readonly text: string }[];
  readonly report: () => string;
  /** Buttons that mend it. */
  readonly actions?: ReactNode;
  readonly onDismiss?: (() => void) | undefined;
}

/** An error where its cause is; it stays until it is dealt with. */
export function ErrorNotice(props: ErrorNoticeProps) {
  const { t } = useTranslation('ui');
  return (
    <section className="error-notice" role="alert" aria-label={props.title}>
      <TriangleAlert className="icon error-notice-icon" aria-hidden />
      <div className="error-notice-body">
        <div className="error-notice-head">
          <strong>{props.title}</strong>
          <code className="error-notice-code">{props.code}</code>
          {props.onDismiss !== undefined && (
            <IconButton icon={X} label={t('dismiss')} onClick={props.onDismiss} />
          )}
        </div>
        <p>{props.message}</p>
        <p>→ {props.hint}</p>
        {props.details?.map(({ label, text }) => (
          <details key={label}>
            <summary>{label}</summary>
            <pre>{text}</pre>
          </details>
        ))}
        <div className="error-notice-actions">
          {props.actions}
          <CopyButton text={props.report} label={t('copyReport')} />
        </div>
      </div>
    </section>
  );
}

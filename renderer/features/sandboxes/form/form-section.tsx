import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import './form-section.css';

/** A part of the form that folds; it stays open once it holds something. */
export function FormSection(props: {
  readonly title: string;
  /** How many entries it has, or a word on what is in it. */
  readonly summary: string;
  readonly hasProblem: boolean;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation('create');
  return (
    <details
      className="form-section"
      open={props.isOpen}
      onToggle={(event) => {
        props.onOpenChange(event.currentTarget.open);
      }}
    >
      <summary>
        {props.title} <span className="quiet">{props.summary}</span>
        {props.hasProblem && <span className="form-section-problem"> · {t('form.toCorrect')}</span>}
      </summary>
      <div className="form-section-body">{props.children}</div>
    </details>
  );
}

/** Entries one below the other, and the button that adds one. */
export function FormRows(props: {
  readonly label: string;
  readonly addLabel: string;
  readonly onAdd: () => void;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="form-rows" role="group" aria-label={props.label}>
      {props.children}
      <div className="form-rows-actions">
        <Button icon={Plus} onClick={props.onAdd}>
          {props.addLabel}
        </Button>
        {props.extra}
      </div>
    </div>
  );
}

/** The list with one entry changed. */
export function withChanged<Entry>(
  list: readonly Entry[],
  index: number,
  change: Partial<Entry>,
): Entry[] {
  return list.map((entry, at) => (at === index ? { ...entry, ...change } : entry));
}

/** The list without one entry. */
export function without<Entry>(list: readonly Entry[], index: number): Entry[] {
  return list.filter((_, at) => at !== index);
}

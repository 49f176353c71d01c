import { Field } from '@base-ui/react/field';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './field.css';

/** Props shared by every field of a form. */
export interface FieldFrameProps {
  readonly label: string;
  /** One grey line. */
  readonly help?: ReactNode;
  /** In words, beside the field. */
  readonly error?: string | undefined;
  /** In a row of a list the label is for screen readers alone. */
  readonly isLabelHidden?: boolean;
}

/** Label above, control, then its help or what is wrong with it. */
export function FieldFrame(props: FieldFrameProps & { readonly children: ReactNode }) {
  const isInvalid = props.error !== undefined;
  return (
    <Field.Root className="field" invalid={isInvalid}>
      <Field.Label className={props.isLabelHidden === true ? 'visually-hidden' : 'field-label'}>
        {props.label}
      </Field.Label>
      <div className="field-control">{props.children}</div>
      {isInvalid ? (
        <Field.Error match className="field-error">
          <CircleAlert className="icon" aria-hidden />
          {props.error}
        </Field.Error>
      ) : (
        props.help !== undefined && (
          <Field.Description className="field-help">{props.help}</Field.Description>
        )
      )}
    </Field.Root>
  );
}

/** Props of {@link TextField}. */
export interface TextFieldProps extends FieldFrameProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly inputMode?: 'numeric';
  /** Its text is hidden, and no program keeps it. */
  readonly isSecret?: boolean;
  readonly multiline?: boolean;
  /** Lines that are shown of several. */
  readonly rows?: number;
  readonly isDisabled?: boolean;
  /** Beside the input: a button, a unit. */
  readonly after?: ReactNode;
}

/** One line of text, or several. */
export function TextField(props: TextFieldProps) {
  const { label, help, error, isLabelHidden = false, multiline = false, mono = false } = props;
  return (
    <FieldFrame label={label} help={help} error={error} isLabelHidden={isLabelHidden}>
      <Field.Control
        className={mono ? 'input mono' : 'input'}
        disabled={props.isDisabled ?? false}
        render={
          multiline ? (
            <textarea rows={props.rows ?? 3} />
          ) : (
            <input type={props.isSecret === true ? 'password' : 'text'} />
          )
        }
        value={props.value}
        placeholder={props.placeholder}
        inputMode={props.inputMode}
        spellCheck={false}
        autoComplete={props.isSecret === true ? 'new-password' : 'off'}
        autoCapitalize="off"
        onValueChange={(value) => {
          props.onChange(value);
        }}
      />
      {props.after}
    </FieldFrame>
  );
}

import type { ReactNode } from 'react';
import './choice.css';

/** Something that is so or not, with one grey line. */
export function CheckField(props: {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly help?: ReactNode;
}) {
  return (
    <label className="check-field">
      <input
        type="checkbox"
        checked={props.isChecked}
        onChange={(event) => {
          props.onChange(event.currentTarget.checked);
        }}
      />
      <span>
        {props.label}
        {props.help !== undefined && <span className="field-help">{props.help}</span>}
      </span>
    </label>
  );
}

import type { LucideIcon } from 'lucide-react';
import { useId } from 'react';
import './choice.css';

/** One thing to choose. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly remark?: string;
}

/** One of a few, each a card: a group of radio buttons, which arrow keys go through. */
export function ChoiceCards<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
  readonly isDisabled?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className="choices" disabled={props.isDisabled}>
      <legend className="field-label">{props.label}</legend>
      <div className="choices-row">
        {props.choices.map(({ value, label, icon: Icon, remark }) => (
          <label key={value} className="choice">
            <input
              type="radio"
              name={name}
              value={value}
              checked={props.value === value}
              onChange={() => {
                props.onChange(value);
              }}
            />
            {Icon && <Icon className="icon" aria-hidden />}
            <span>
              {label}
              {remark !== undefined && <span className="field-help">{remark}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

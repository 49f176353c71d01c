import { Field } from '@base-ui/react/field';
import { FieldFrame, type FieldFrameProps } from './field.tsx';

/** Props of {@link SelectField}. */
export interface SelectFieldProps<Value extends string> extends FieldFrameProps {
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few words, by the system's own menu. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, help, error, isLabelHidden = false, value, options, onChange } = props;
  return (
    <FieldFrame label={label} help={help} error={error} isLabelHidden={isLabelHidden}>
      <Field.Control
        className="input"
        render={
          <select>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        }
        value={value}
        onValueChange={(chosen) => {
          const option = options.find((one) => one.value === chosen);
          if (option !== undefined) onChange(option.value);
        }}
      />
    </FieldFrame>
  );
}

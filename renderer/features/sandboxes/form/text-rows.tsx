import { Trash2 } from 'lucide-react';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { FormRows, without } from './form-section.tsx';

/** Texts one below the other: ports, destinations, arguments. */
export function TextRows(props: {
  readonly label: string;
  /** What one is called: `port`. */
  readonly what: string;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly problemOf: (index: number) => string | undefined;
  readonly placeholder?: string;
}) {
  const { what, values, onChange } = props;
  return (
    <FormRows
      label={props.label}
      addLabel={`Add ${what}`}
      onAdd={() => {
        onChange([...values, '']);
      }}
    >
      {values.map((value, index) => (
        <div className="form-row" key={index}>
          <TextField
            label={`${props.label} ${String(index + 1)}`}
            isLabelHidden
            value={value}
            mono
            multiline={value.includes('\n')}
            placeholder={props.placeholder ?? ''}
            onChange={(changed) => {
              onChange(values.map((other, at) => (at === index ? changed : other)));
            }}
            error={props.problemOf(index)}
          />
          <IconButton
            icon={Trash2}
            label={`Remove ${what} ${String(index + 1)}`}
            onClick={() => {
              onChange(without(values, index));
            }}
          />
        </div>
      ))}
    </FormRows>
  );
}

import { Trash2 } from 'lucide-react';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Warning } from '../../../ui/warning.tsx';
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
  /** What is worth knowing of one that is right. */
  readonly warningOf?: (index: number) => string | undefined;
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
          <RowWarning text={props.warningOf?.(index)} />
        </div>
      ))}
    </FormRows>
  );
}

function RowWarning({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <div className="form-row-wide">
      <Warning>{text}</Warning>
    </div>
  );
}

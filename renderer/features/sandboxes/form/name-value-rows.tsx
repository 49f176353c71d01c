import { Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import type { NameValue } from '../create-draft.ts';
import { FormRows, withChanged, without } from './form-section.tsx';

/** Names with their values: the environment, labels; or scripts, whose values are texts. */
export function NameValueRows(props: {
  readonly label: string;
  /** What one is called: `variable`. */
  readonly what: string;
  readonly rows: readonly NameValue[];
  readonly onChange: (rows: readonly NameValue[]) => void;
  readonly problemOf: (name: string) => string | undefined;
  readonly isText?: boolean;
  readonly placeholder?: { readonly name: string; readonly value: string };
  readonly extra?: ReactNode;
}) {
  const { rows, what, onChange, isText = false } = props;
  return (
    <FormRows
      label={props.label}
      addLabel={`Add ${what}`}
      onAdd={() => {
        onChange([...rows, { name: '', value: '' }]);
      }}
      extra={props.extra}
    >
      {rows.map(({ name, value }, index) => (
        <div className={isText ? 'form-card' : 'form-row'} key={index}>
          <div className={isText ? 'form-row' : 'form-narrow'}>
            <TextField
              label={`Name of ${what} ${String(index + 1)}`}
              isLabelHidden
              value={name}
              mono
              placeholder={props.placeholder?.name ?? ''}
              onChange={(changed) => {
                onChange(withChanged(rows, index, { name: changed }));
              }}
              error={props.problemOf(name)}
            />
            {isText && <RemoveButton {...props} index={index} />}
          </div>
          <TextField
            label={`${isText ? 'Text' : 'Value'} of ${what} ${String(index + 1)}`}
            isLabelHidden
            value={value}
            mono
            multiline={isText || value.includes('\n')}
            rows={isText ? 5 : 2}
            placeholder={props.placeholder?.value ?? ''}
            onChange={(changed) => {
              onChange(withChanged(rows, index, { value: changed }));
            }}
          />
          {!isText && <RemoveButton {...props} index={index} />}
        </div>
      ))}
    </FormRows>
  );
}

function RemoveButton(props: {
  readonly what: string;
  readonly rows: readonly NameValue[];
  readonly index: number;
  readonly onChange: (rows: readonly NameValue[]) => void;
}) {
  const { what, rows, index, onChange } = props;
  return (
    <IconButton
      icon={Trash2}
      label={`Remove ${what} ${String(index + 1)}`}
      onClick={() => {
        onChange(without(rows, index));
      }}
    />
  );
}

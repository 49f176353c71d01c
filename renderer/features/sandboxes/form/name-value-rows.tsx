import { Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import type { NameValue } from '../create-draft.ts';
import { FormRows, withChanged, without } from './form-section.tsx';

type Kind = 'variables' | 'scripts' | 'labels';

/** Names with their values: the environment, labels; or scripts, whose values are texts. */
export function NameValueRows(props: {
  /** What they are, by the words for them. Values of scripts are texts of several lines. */
  readonly kind: Kind;
  readonly rows: readonly NameValue[];
  readonly onChange: (rows: readonly NameValue[]) => void;
  readonly problemOf: (name: string) => string | undefined;
  readonly placeholder?: { readonly name: string; readonly value: string };
  readonly extra?: ReactNode;
}) {
  const { t } = useTranslation('create');
  const { rows, kind, onChange } = props;
  const isText = kind === 'scripts';
  return (
    <FormRows
      label={t(`form.rows.${kind}.label`)}
      addLabel={t(`form.rows.${kind}.add`)}
      onAdd={() => {
        onChange([...rows, { name: '', value: '' }]);
      }}
      extra={props.extra}
    >
      {rows.map(({ name, value }, index) => (
        <div className={isText ? 'form-card' : 'form-row'} key={index}>
          <div className={isText ? 'form-row' : 'form-narrow'}>
            <TextField
              label={t(`form.rows.${kind}.name`, { number: index + 1 })}
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
            label={t(`form.rows.${kind}.value`, { number: index + 1 })}
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
  readonly kind: Kind;
  readonly rows: readonly NameValue[];
  readonly index: number;
  readonly onChange: (rows: readonly NameValue[]) => void;
}) {
  const { t } = useTranslation('create');
  const { kind, rows, index, onChange } = props;
  return (
    <IconButton
      icon={Trash2}
      label={t(`form.rows.${kind}.remove`, { number: index + 1 })}
      onClick={() => {
        onChange(without(rows, index));
      }}
    />
  );
}

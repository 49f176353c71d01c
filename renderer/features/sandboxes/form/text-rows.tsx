import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Warning } from '../../../ui/warning.tsx';
import { FormRows, without } from './form-section.tsx';

/** Texts one below the other: ports, destinations, arguments. */
export function TextRows(props: {
  /** What they are, by the words for them. */
  readonly kind: 'allow' | 'deny' | 'ports' | 'entrypoint' | 'cmd';
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly problemOf: (index: number) => string | undefined;
  readonly placeholder?: string;
  /** What is worth knowing of one that is right. */
  readonly warningOf?: (index: number) => string | undefined;
}) {
  const { t } = useTranslation('create');
  const { kind, values, onChange } = props;
  return (
    <FormRows
      label={t(`form.rows.${kind}.label`)}
      addLabel={t(`form.rows.${kind}.add`)}
      onAdd={() => {
        onChange([...values, '']);
      }}
    >
      {values.map((value, index) => (
        <div className="form-row" key={index}>
          <TextField
            label={t(`form.rows.${kind}.row`, { number: index + 1 })}
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
            label={t(`form.rows.${kind}.remove`, { number: index + 1 })}
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

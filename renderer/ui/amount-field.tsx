import { Field } from '@base-ui/react/field';
import { translate } from '../words/language.ts';
import { FieldFrame, type FieldFrameProps } from './field.tsx';

/** Props of {@link AmountField}. */
export interface AmountFieldProps extends FieldFrameProps {
  /** As it was typed, right or wrong. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit?: string;
}

/** A number that can be typed freely, or set roughly with a slider beside it. */
export function AmountField(props: AmountFieldProps) {
  const { label, help, error, value, onChange, min, max, step, unit } = props;
  const number = Number(value);
  return (
    <FieldFrame label={label} help={help} error={error}>
      <input
        type="range"
        className="range"
        aria-label={translate('ui:amount.slider', { label })}
        min={min}
        max={max}
        step={step}
        value={Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : min}
        aria-valuetext={unit === undefined ? value : `${value} ${unit}`}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
      <Field.Control
        className="input input-short mono"
        value={value}
        inputMode="numeric"
        autoComplete="off"
        onValueChange={(typed) => {
          onChange(typed);
        }}
      />
      <span className="unit">{unit}</span>
    </FieldFrame>
  );
}

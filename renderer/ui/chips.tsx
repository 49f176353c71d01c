import './chips.css';

/** One of a few words beside each other, each a button that takes effect at once. */
export function Chips<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly {
    readonly value: Value;
    readonly label: string;
    readonly remark?: string;
  }[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <div className="chips" role="group" aria-label={props.label}>
      {props.choices.map(({ value, label, remark }) => (
        <button
          key={value}
          type="button"
          className="chip"
          title={remark}
          aria-pressed={props.value === value}
          onClick={() => {
            if (props.value !== value) props.onChange(value);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

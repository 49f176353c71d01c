/** A moment of the local time, to the second; empty for none. */
export function TimeField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="log-time">
      <span>{props.label}</span>
      <input
        type="datetime-local"
        className="input"
        step={1}
        value={props.value}
        onChange={(event) => {
          props.onChange(event.currentTarget.value);
        }}
      />
    </label>
  );
}

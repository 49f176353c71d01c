import './keys.css';

/** Keys to press: those of one stroke together, strokes one after the other. */
export function Keys(props: {
  readonly strokes: readonly (readonly string[])[];
  readonly className?: string;
}) {
  return (
    <span className={['keys', props.className].filter(Boolean).join(' ')}>
      {props.strokes.map((keys, index) => (
        <span key={`${String(index)} ${keys.join()}`} className="keys-stroke">
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      ))}
    </span>
  );
}

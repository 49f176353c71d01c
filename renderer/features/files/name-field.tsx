import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOfName } from './guest-path.ts';

/** The name as it is typed: Enter takes it, Escape and a click elsewhere leave it. */
export function NameField(props: {
  readonly name: string;
  readonly onDone: (wanted: string | undefined) => void;
}) {
  const { name, onDone } = props;
  const { t } = useTranslation('files');
  const [typed, setTyped] = useState(name);
  const problem = problemOfName(typed);
  return (
    <input
      className="input mono file-rename"
      aria-label={t('renaming', { name })}
      aria-invalid={problem !== undefined}
      title={problem === undefined ? undefined : t(problem)}
      value={typed}
      spellCheck={false}
      autoComplete="off"
      ref={focusStem}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onDone(undefined);
        if (event.key === 'Enter' && problem === undefined) onDone(typed);
      }}
      onMouseDown={(event) => {
        event.stopPropagation();
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
      }}
      onBlur={() => {
        onDone(undefined);
      }}
    />
  );
}

/** The part before the extension is what changes mostly. */
function focusStem(input: HTMLInputElement | null): void {
  if (input === null) return;
  input.focus();
  const dot = input.value.lastIndexOf('.');
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length);
}

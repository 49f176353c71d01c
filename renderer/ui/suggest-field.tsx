/**
 * Free text with suggestions below it: the "editable combobox with list autocomplete" of the ARIA
 * Authoring Practices. Base UI's own hides the rest of the form from screen readers while it is open.
 */
import { Field } from '@base-ui/react/field';
import { ChevronDown } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { FieldFrame, type FieldFrameProps } from './field.tsx';
import { filterSuggestions, moveHighlight, type Suggestion } from './suggestions.ts';
import { useAnchoredPopup } from './use-anchored-popup.ts';
import './menu.css';

/** Props of {@link SuggestField}. */
export interface SuggestFieldProps extends FieldFrameProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly suggestions: readonly Suggestion[];
  /** What its button shows, where that is not what `suggestions` are. */
  readonly all?: readonly Suggestion[];
  /** Whoever gives `suggestions` has chosen them by what is typed. */
  readonly isMatched?: boolean;
  /** One line below the list: why something is not in it. */
  readonly note?: string | undefined;
  readonly placeholder?: string;
  /** Accessible name of the button that shows everything. */
  readonly showAllLabel: string;
  /** Beside the input: a button. */
  readonly after?: ReactNode;
}

/** See the head of this file. */
export function SuggestField(props: SuggestFieldProps) {
  const { label, help, error, isLabelHidden = false, value, onChange } = props;
  const { suggestions, all = suggestions, isMatched = false, placeholder, showAllLabel } = props;
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const group = useRef<HTMLDivElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [mode, setMode] = useState<'closed' | 'matching' | 'all'>('closed');
  const [highlight, setHighlight] = useState(-1);
  useEffect(() => {
    document.getElementById(`${listId}-${String(highlight)}`)?.scrollIntoView({ block: 'nearest' });
  }, [highlight, listId]);
  const matching = isMatched ? suggestions : filterSuggestions(suggestions, value);
  const shown = mode === 'matching' ? matching : all;
  const note = mode === 'matching' ? props.note : undefined;
  const isOpen = mode !== 'closed' && shown.length > 0;
  useAnchoredPopup(group, popup, isOpen || note !== undefined);

  const show = (next: 'closed' | 'matching' | 'all') => {
    setMode(next);
    setHighlight(-1);
  };
  const choose = (suggestion: Suggestion) => {
    onChange(suggestion.value);
    show('closed');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const highlighted = isOpen ? shown[highlight] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (!isOpen) setMode('all');
      setHighlight(moveHighlight(isOpen ? highlight : -1, step, isOpen ? shown : all));
    } else if (event.key === 'Escape' && mode !== 'closed' && (isOpen || note !== undefined)) {
      show('closed');
    } else if (event.key === 'Enter' && isOpen && highlighted !== undefined) {
      choose(highlighted);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <FieldFrame label={label} help={help} error={error} isLabelHidden={isLabelHidden}>
      <div ref={group} className="suggest-group">
        <Field.Control
          ref={input}
          className="input mono"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? listId : undefined}
          aria-activedescendant={
            isOpen && highlight >= 0 ? `${listId}-${String(highlight)}` : undefined
          }
          value={value}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onValueChange={(typed) => {
            onChange(typed);
            show('matching');
          }}
          onKeyDown={onKeyDown}
          onBlur={() => {
            show('closed');
          }}
        />
        <button
          type="button"
          className="icon-button suggest-trigger"
          tabIndex={-1}
          aria-label={showAllLabel}
          // The focus stays in the input, whose blur would close the list.
          onPointerDown={(event) => {
            event.preventDefault();
          }}
          onClick={() => {
            input.current?.focus();
            show(isOpen ? 'closed' : 'all');
          }}
        >
          <ChevronDown className="icon" aria-hidden />
        </button>
        {(isOpen || note !== undefined) && (
          <div ref={popup} className="menu suggest-popup" popover="manual">
            {isOpen && (
              <ul id={listId} role="listbox" aria-label={label}>
                {shown.map((suggestion, index) => (
                  <li
                    key={suggestion.value}
                    id={`${listId}-${String(index)}`}
                    className="menu-item"
                    role="option"
                    aria-selected={index === highlight}
                    data-highlighted={index === highlight ? '' : undefined}
                    onPointerDown={(event) => {
                      event.preventDefault();
                    }}
                    onPointerMove={() => {
                      setHighlight(index);
                    }}
                    onClick={() => {
                      choose(suggestion);
                    }}
                  >
                    <span className="mono">{suggestion.value}</span>
                    <span className="menu-remark">{suggestion.remark}</span>
                  </li>
                ))}
              </ul>
            )}
            {note !== undefined && (
              <p className="suggest-note" role="status">
                {note}
              </p>
            )}
          </div>
        )}
      </div>
      {props.after}
    </FieldFrame>
  );
}

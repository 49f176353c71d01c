/**
 * Free text with suggestions below it: the "editable combobox with list autocomplete" of the ARIA
 * Authoring Practices. Base UI's own hides the rest of the form from screen readers while it is open.
 */
import { Field } from '@base-ui/react/field';
import { ChevronDown } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { FieldFrame, type FieldFrameProps } from './field.tsx';
import { filterSuggestions, moveHighlight, type Suggestion } from './suggestions.ts';
import './menu.css';

/** Props of {@link SuggestField}. */
export interface SuggestFieldProps extends FieldFrameProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly suggestions: readonly Suggestion[];
  readonly placeholder?: string;
  /** Accessible name of the button that shows everything. */
  readonly showAllLabel: string;
  /** Beside the input: a button. */
  readonly after?: ReactNode;
}

/** See the head of this file. */
export function SuggestField(props: SuggestFieldProps) {
  const { label, help, error, isLabelHidden = false, value, onChange } = props;
  const { suggestions, placeholder, showAllLabel } = props;
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [mode, setMode] = useState<'closed' | 'matching' | 'all'>('closed');
  const [highlight, setHighlight] = useState(-1);
  const shown = mode === 'matching' ? filterSuggestions(suggestions, value) : suggestions;
  const isOpen = mode !== 'closed' && shown.length > 0;

  const show = (next: 'closed' | 'matching' | 'all') => {
    setMode(next);
    setHighlight(-1);
  };
  const choose = (suggestion: Suggestion) => {
    onChange(suggestion.value);
    show('closed');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const highlighted = shown[highlight];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (!isOpen) setMode('all');
      setHighlight(moveHighlight(isOpen ? highlight : -1, step, isOpen ? shown : suggestions));
    } else if (event.key === 'Escape' && isOpen) {
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
      <div className="suggest-group">
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
        {isOpen && (
          <ul id={listId} className="menu suggest-popup" role="listbox" aria-label={label}>
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
      </div>
      {props.after}
    </FieldFrame>
  );
}

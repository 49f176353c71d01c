import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import type { Screen } from './screen.ts';
import type { SearchResults } from './use-terminal.ts';

/** Finds text in a terminal and its scrollback; Enter goes on, Shift+Enter back, Escape closes. */
export function TerminalSearch(props: {
  readonly screen: Screen;
  readonly results: SearchResults;
  readonly onClose: () => void;
}) {
  const { screen, results, onClose } = props;
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  const find = (direction: 'next' | 'previous') => {
    if (text !== '') screen.find(text, direction, false);
  };
  return (
    <search className="terminal-search">
      <input
        ref={input}
        className="input"
        aria-label="Find in terminal"
        placeholder="Find"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setText(value);
          if (value === '') screen.endFind();
          else screen.find(value, 'next', true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(event.shiftKey ? 'previous' : 'next');
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
        }}
      />
      <span className="terminal-search-count" role="status">
        {text === '' ? '' : describeResults(results)}
      </span>
      <IconButton
        icon={ChevronUp}
        label="Previous match"
        shortcut="Shift+Enter"
        onClick={() => {
          find('previous');
        }}
      />
      <IconButton
        icon={ChevronDown}
        label="Next match"
        shortcut="Enter"
        onClick={() => {
          find('next');
        }}
      />
      <IconButton icon={X} label="Close search" shortcut="Escape" onClick={onClose} />
    </search>
  );
}

function describeResults({ resultIndex, resultCount }: SearchResults): string {
  if (resultCount === 0) return 'none';
  if (resultIndex < 0) return `${String(resultCount)} or more`;
  return `${String(resultIndex + 1)} of ${String(resultCount)}`;
}

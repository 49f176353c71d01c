import { CaseSensitive, ChevronDown, ChevronUp, Regex, WholeWord, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import type { Screen, SearchResults, SearchRule } from '../screen/screen.ts';

/** Finds text in a terminal and its scrollback; Enter goes on, Shift+Enter back, Escape closes. */
export function TerminalSearch(props: {
  readonly screen: Screen;
  readonly results: SearchResults;
  readonly onClose: () => void;
}) {
  const { screen, results, onClose } = props;
  const { t } = useTranslation('terminals');
  const [text, setText] = useState('');
  const [rule, setRule] = useState<Required<SearchRule>>({
    caseSensitive: false,
    wholeWord: false,
    regex: false,
  });
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  const isSound = !rule.regex || isExpression(text);
  const find = (
    direction: 'next' | 'previous',
    wanted = text,
    by: SearchRule = rule,
    isIncremental = false,
  ) => {
    if (wanted === '' || (by.regex === true && !isExpression(wanted))) screen.endFind();
    else screen.find(wanted, direction, isIncremental, by);
  };
  const toggle = (part: keyof SearchRule) => () => {
    const changed = { ...rule, [part]: !rule[part] };
    setRule(changed);
    find('next', text, changed, true);
  };
  return (
    <search
      className="terminal-search"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <input
        ref={input}
        className="input"
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        spellCheck={false}
        aria-invalid={!isSound}
        value={text}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setText(value);
          find('next', value, rule, true);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          find(event.shiftKey ? 'previous' : 'next');
        }}
      />
      <IconButton
        icon={CaseSensitive}
        label={t('search.matchCase')}
        aria-pressed={rule.caseSensitive}
        onClick={toggle('caseSensitive')}
      />
      <IconButton
        icon={WholeWord}
        label={t('search.wholeWord')}
        aria-pressed={rule.wholeWord}
        onClick={toggle('wholeWord')}
      />
      <IconButton
        icon={Regex}
        label={t('search.regex')}
        aria-pressed={rule.regex}
        onClick={toggle('regex')}
      />
      <SearchCount results={results} isEmpty={text === ''} isSound={isSound} />
      <IconButton
        icon={ChevronUp}
        label={t('search.previous')}
        shortcut="Shift+Enter"
        onClick={() => {
          find('previous');
        }}
      />
      <IconButton
        icon={ChevronDown}
        label={t('search.next')}
        shortcut="Enter"
        onClick={() => {
          find('next');
        }}
      />
      <IconButton icon={X} label={t('search.close')} shortcut="Escape" onClick={onClose} />
    </search>
  );
}

function SearchCount(props: {
  readonly results: SearchResults;
  readonly isEmpty: boolean;
  readonly isSound: boolean;
}) {
  const { isEmpty, isSound } = props;
  const { resultIndex, resultCount } = props.results;
  const { t } = useTranslation('terminals');
  let words: string = t('search.position', { index: resultIndex + 1, count: resultCount });
  if (!isSound) words = t('search.badRegex');
  else if (isEmpty) words = '';
  else if (resultCount === 0) words = t('search.none');
  else if (resultIndex < 0) words = t('search.many', { count: resultCount });
  return (
    <span className="terminal-search-count" role="status">
      {words}
    </span>
  );
}

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

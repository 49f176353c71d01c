import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';

/** Looks for a text: how often it is there, and from one place to the next. */
export function LogSearch(props: {
  readonly inputRef: Ref<HTMLInputElement>;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly isNarrowed: boolean;
  readonly onNarrowed: (isNarrowed: boolean) => void;
  /** Lines that match. */
  readonly count: number;
  /** Of the one that is shown, from 0. */
  readonly place: number | undefined;
  readonly onStep: (step: 1 | -1) => void;
}) {
  const { text, onText, count, place, onStep, isNarrowed, onNarrowed, inputRef } = props;
  const { t } = useTranslation('logs');
  const isSearching = text !== '';
  const found =
    count === 0
      ? t('noMatch')
      : place === undefined
        ? t('matches', { count })
        : t('match', { place: place + 1, total: count });
  return (
    <div className="log-search" role="search">
      <div className="log-search-field">
        <Search className="icon" aria-hidden />
        <input
          ref={inputRef}
          className="input"
          type="text"
          aria-label={t('search')}
          placeholder={t('searchHint')}
          value={text}
          spellCheck={false}
          autoComplete="off"
          maxLength={1000}
          onChange={(event) => {
            onText(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
            else if (event.key === 'Escape' && isSearching) onText('');
            else return;
            event.preventDefault();
          }}
        />
        {isSearching && (
          <span className="log-search-count" role="status">
            {found}
          </span>
        )}
      </div>
      <IconButton
        icon={ChevronUp}
        label={t('previous')}
        shortcut="Shift+Enter"
        disabled={count === 0}
        onClick={() => {
          onStep(-1);
        }}
      />
      <IconButton
        icon={ChevronDown}
        label={t('next')}
        shortcut="Enter"
        disabled={count === 0}
        onClick={() => {
          onStep(1);
        }}
      />
      <CheckField label={t('isNarrowed')} isChecked={isNarrowed} onChange={onNarrowed} />
    </div>
  );
}

import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { formatBytes } from '../../ui/format.ts';
import { SuggestField } from '../../ui/suggest-field.tsx';
import { translate } from '../../words/language.ts';
import { suggestImages, type SuggestionAnswer } from './image-suggestions.ts';
import { imageStore } from './image-store.ts';

const typingPauseMs = 250;

/** Props of {@link ImageField}. */
export interface ImageFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly after?: ReactNode;
}

/** A reference, completed as one types: from the store, what sandboxes had, and a registry's tags. */
export function ImageField(props: ImageFieldProps) {
  const { t } = useTranslation('images');
  const { label, value, onChange, error, after } = props;
  const images = useStore(imageStore, (state) => state.images);
  const stored = useMemo(
    () =>
      images.map(({ reference, diskBytes }) => ({
        value: reference,
        remark: t('field.inStoreSize', { size: formatBytes(diskBytes) }),
      })),
    [images, t],
  );
  const answer = useAnswer(value);
  const problem = answer?.typed === value ? answer.answer.problem : undefined;
  const isStored = stored.some((one) => one.value === value);
  return (
    <SuggestField
      label={label}
      value={value}
      onChange={(typed) => {
        onChange(typed.trim());
      }}
      suggestions={suggestImages(value, stored, answer)}
      all={stored}
      isMatched
      note={problem === undefined ? undefined : t('field.noTags', { problem })}
      showAllLabel={t('field.showAll')}
      placeholder={t('field.placeholder')}
      error={error}
      help={helpOf(value, isStored, problem)}
      after={after}
    />
  );
}

function helpOf(value: string, isStored: boolean, problem: string | undefined): string {
  if (value === '') return translate('images:field.help');
  if (isStored) return translate('images:field.stored');
  const pulled = translate('images:field.notStored');
  return problem === undefined
    ? pulled
    : `${pulled} ${translate('images:field.noTags', { problem })}`;
}

/** What the host offers, a moment after the last key; the question before is cancelled. */
function useAnswer(typed: string): SuggestionAnswer | undefined {
  const { connection } = useBridge();
  const [last, setLast] = useState<SuggestionAnswer>();
  const isConnected = useIsConnected();
  useEffect(() => {
    if (typed === '' || !isConnected) return;
    const asking = new AbortController();
    const { signal } = asking;
    const timer = setTimeout(() => {
      connection.client.images.search({ text: typed.slice(0, 512) }, { signal }).then(
        (answer) => {
          if (!signal.aborted) setLast({ typed, answer });
        },
        (thrown: unknown) => {
          // Whatever is typed can still be pulled.
          const problem = toErrorData(thrown).message;
          if (!signal.aborted) setLast({ typed, answer: { suggestions: [], problem } });
        },
      );
    }, typingPauseMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [connection, typed, isConnected]);
  return last;
}

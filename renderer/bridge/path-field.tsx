import { FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from './bridge-context.tsx';
import type { PathKind } from './path-chooser.ts';
import { IconButton } from '../ui/button.tsx';
import { SuggestField, type SuggestFieldProps } from '../ui/suggest-field.tsx';
import type { Suggestion } from '../ui/suggestions.ts';

const completionDelayMs = 120;

/** A path of the host, completed as one types; on the desktop also chosen in a dialog. */
export function PathField(
  props: Omit<SuggestFieldProps, 'suggestions' | 'showAllLabel' | 'after'> & {
    readonly wants: PathKind;
  },
) {
  const { t } = useTranslation('ui');
  const { connection, choosePath } = useBridge();
  const { value, wants, ...rest } = props;
  const [suggestions, setSuggestions] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(() => {
      connection.client.host.completePath({ prefix: value === '' ? '~/' : value }).then(
        (entries) => {
          if (isStale) return;
          const fitting = entries.filter(({ kind }) => wants !== 'directory' || kind === wants);
          setSuggestions(fitting.map((entry) => ({ value: entry.path })));
        },
        () => {
          // Without completion a path can still be typed.
          if (!isStale) setSuggestions([]);
        },
      );
    }, completionDelayMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [connection, value, wants]);
  return (
    <SuggestField
      {...rest}
      value={value}
      suggestions={suggestions}
      showAllLabel={t('path.showAll')}
      after={
        choosePath && (
          <IconButton
            icon={FolderOpen}
            label={t('path.choose', { label: props.label })}
            onClick={() => {
              void choosePath(wants).then((chosen) => {
                if (chosen !== undefined) props.onChange(chosen);
              });
            }}
          />
        )
      }
    />
  );
}

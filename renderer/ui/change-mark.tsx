import { useTranslation } from 'react-i18next';
import './change-mark.css';

/** How a file differs. */
export type FileChange = 'added' | 'modified' | 'removed';

const letters: Readonly<Record<FileChange, string>> = { added: 'A', modified: 'M', removed: 'R' };

/** How a file stands against what it is compared with: a letter to see, a word to hear. */
export function ChangeMark(props: {
  readonly change: FileChange | undefined;
  /** Not the directory itself but something in it. */
  readonly isInside?: boolean;
}) {
  const { change, isInside = false } = props;
  const { t } = useTranslation('ui');
  if (change === undefined) return null;
  const words = isInside ? t('changed.inside') : t(`changed.words.${change}`);
  return (
    <span className={`change-mark change-${change}`} title={words}>
      <span aria-hidden>{isInside ? '•' : letters[change]}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

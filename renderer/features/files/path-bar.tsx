import { ChevronRight, HardDrive, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/button.tsx';
import { useFilesScope } from './files-scope.tsx';
import { nameOf, pathsTo, resolvePath } from './guest-path.ts';

/** The way to a path: each directory a link, and all of it a field where it is edited. */
export function PathBar(props: {
  readonly path: string;
  readonly isEditing: boolean;
  readonly onEditing: (isEditing: boolean) => void;
}) {
  const { path, isEditing, onEditing } = props;
  const { t } = useTranslation('files');
  const { hrefOf } = useFilesScope();
  if (isEditing) return <PathField {...props} />;
  return (
    <nav className="path-bar" aria-label={t('path')}>
      <ol
        onDoubleClick={() => {
          onEditing(true);
        }}
      >
        {pathsTo(path).map((step) => (
          <li key={step}>
            {step !== '/' && <ChevronRight className="icon path-step" aria-hidden />}
            <a href={hrefOf(step)} aria-current={step === path ? 'page' : undefined}>
              {step === '/' ? (
                <>
                  <HardDrive className="icon" aria-hidden />
                  <span className="visually-hidden">{t('root')}</span>
                </>
              ) : (
                nameOf(step)
              )}
            </a>
          </li>
        ))}
      </ol>
      <IconButton
        icon={Pencil}
        label={t('editPath')}
        shortcut="Ctrl+L"
        onClick={() => {
          onEditing(true);
        }}
      />
    </nav>
  );
}

function PathField(props: {
  readonly path: string;
  readonly onEditing: (isEditing: boolean) => void;
}) {
  const { path, onEditing } = props;
  const { t } = useTranslation('files');
  const { open } = useFilesScope();
  const [typed, setTyped] = useState(path);
  return (
    <form
      className="path-bar"
      aria-label={t('path')}
      onSubmit={(event) => {
        event.preventDefault();
        onEditing(false);
        open(resolvePath(path, typed));
      }}
    >
      <input
        className="input mono"
        aria-label={t('path')}
        aria-description={t('pathHelp')}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        ref={(input) => {
          input?.focus();
        }}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onEditing(false);
        }}
        onBlur={() => {
          onEditing(false);
        }}
      />
    </form>
  );
}

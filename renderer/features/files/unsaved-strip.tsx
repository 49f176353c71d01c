import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { useFilesScope } from './files-scope.tsx';
import { unsavedPaths } from './document-store.ts';
import './transfers.css';

/** Leads to texts with unsaved changes that are not the one that is shown. */
export function UnsavedStrip({ path: shown }: { readonly path: string }) {
  const { t } = useTranslation('files');
  const { documents, hrefOf, bridge } = useFilesScope();
  const paths = useStore(documents, useShallow(unsavedPaths));
  const isAny = paths.length > 0;
  const { kind } = bridge;
  useEffect(() => {
    // A desktop window that keeps itself from closing asks nothing.
    if (!isAny || kind === 'electron') return;
    const onBeforeUnload = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', onBeforeUnload);
    return () => {
      window.removeEventListener('beforeunload', onBeforeUnload);
    };
  }, [isAny, kind]);
  const others = paths.filter((path) => path !== shown);
  if (others.length === 0) return null;
  return (
    <p className="files-unsaved">
      <span className="quiet">{t('unsavedElsewhere')}</span>
      {others.map((path) => (
        <a key={path} className="mono" href={hrefOf(path)}>
          {path}
        </a>
      ))}
    </p>
  );
}

import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Operation } from '../../../../main/contract/operation.ts';
import { imageStore, type ImageQuestion } from '../image-store.ts';
import { BuildDialog } from './build-dialog.tsx';
import { CommitDialog } from './commit-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { PruneDialog } from './prune-dialog.tsx';
import { PushDialog } from './push-dialog.tsx';
import { RemoveImageDialog } from './remove-image-dialog.tsx';
import { TagDialog } from './tag-dialog.tsx';

function close() {
  imageStore.setState({ asked: undefined });
}

/** What the dialogs of images need of the window. */
export interface ImageDialogProps {
  /** Long work began; it is among the tasks. */
  readonly onStarted: (operation: Operation) => void;
  readonly sandboxHref: (name: string) => string;
}

/** The one dialog that was asked for, over whichever page is shown. */
export function ImageDialogs(props: ImageDialogProps) {
  useEffect(() => {
    // A link in a dialog leads away from it.
    window.addEventListener('hashchange', close);
    return () => {
      window.removeEventListener('hashchange', close);
    };
  }, []);
  const asked = useStore(imageStore, (state) => state.asked);
  return asked === undefined ? null : <Asked question={asked} {...props} />;
}

function Asked(props: ImageDialogProps & { readonly question: ImageQuestion }) {
  const { question, onStarted, sandboxHref } = props;
  const common = { onClose: close, onStarted };
  switch (question.kind) {
    case 'import':
      return <ImportDialog path={question.path} {...common} />;
    case 'build':
      return <BuildDialog {...common} />;
    case 'prune':
      return <PruneDialog onClose={close} />;
    case 'tag':
      return <TagDialog reference={question.reference} onClose={close} />;
    case 'push':
      return <PushDialog reference={question.reference} {...common} />;
    case 'export':
      return <ExportDialog reference={question.reference} {...common} />;
    case 'remove':
      return (
        <RemoveImageDialog
          reference={question.reference}
          sandboxHref={sandboxHref}
          onClose={close}
        />
      );
    case 'commit':
      return <CommitDialog sandbox={question.sandbox} {...common} />;
  }
}

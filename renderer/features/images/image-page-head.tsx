import { Brush, FileInput, Hammer, ShieldCheck, Undo2, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Operation } from '../../../main/contract/operation.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { translate } from '../../words/language.ts';
import { checkStore, undoRemoval } from './image-actions.ts';
import { askImage, imageStore } from './image-store.ts';

/** What can be done with the store as a whole. */
export function StoreButtons(props: { readonly onStarted: (operation: Operation) => void }) {
  const { t } = useTranslation('images');
  const { connection } = useBridge();
  const check = async () => {
    const operation = await checkStore(connection.client, false);
    if (operation !== undefined) props.onStarted(operation);
  };
  return (
    <>
      <Button
        icon={FileInput}
        onClick={() => {
          askImage({ kind: 'import' });
        }}
      >
        {t('store.import')}
      </Button>
      <Button
        icon={Hammer}
        onClick={() => {
          askImage({ kind: 'build' });
        }}
      >
        {t('store.build')}
      </Button>
      <Button icon={ShieldCheck} title={t('store.checkRemark')} onClick={() => void check()}>
        {t('store.check')}
      </Button>
      <Button
        icon={Brush}
        onClick={() => {
          askImage({ kind: 'prune' });
        }}
      >
        {t('store.prune')}
      </Button>
    </>
  );
}

/** What was done a moment ago, and what went wrong with it. */
export function StoreNotices() {
  const { t } = useTranslation('images');
  const { connection } = useBridge();
  const notice = useStore(imageStore, (state) => state.notice);
  const error = useStore(imageStore, (state) => state.actionError);
  const undo = notice?.undo;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What was asked for in a row far below is answered at the head of the page.
    if (notice !== undefined || error !== undefined) {
      place.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [notice, error]);
  return (
    <div ref={place} className="image-notices">
      {notice !== undefined && (
        <p className="image-notice" role="status">
          <span>{notice.text}</span>
          {undo !== undefined && (
            <Button
              icon={Undo2}
              onClick={() => {
                void undoRemoval(connection.client, undo);
              }}
            >
              {t('store.undo')}
            </Button>
          )}
          <IconButton
            icon={X}
            label={translate('ui:dismiss')}
            onClick={() => {
              imageStore.setState({ notice: undefined });
            }}
          />
        </p>
      )}
      {error !== undefined && (
        <ErrorNotice
          {...describeError(error)}
          onDismiss={() => {
            imageStore.setState({ actionError: undefined });
          }}
        />
      )}
    </div>
  );
}

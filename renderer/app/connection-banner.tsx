import { Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../bridge/bridge-context.tsx';
import { Button } from '../ui/button.tsx';
import { useNow } from '../ui/time.tsx';
import { hintOfError } from '../words/error-words.ts';
import './connection-banner.css';

/** Says that the host process is away, since nothing else on the page can be true then. */
export function ConnectionBanner() {
  const { t } = useTranslation('app');
  const { connection } = useBridge();
  const state = useStore(connection.state);
  const isAway =
    state.status === 'waiting' || (state.status === 'connecting' && state.wasConnected);
  const nowMs = useNow(isAway ? 250 : undefined);
  if (state.status === 'connected' || !isAway) return null;
  const seconds =
    state.status === 'waiting' ? Math.max(0, Math.ceil((state.retryAtMs - nowMs) / 1000)) : 0;
  return (
    <div className="connection-banner">
      <Unplug className="icon" aria-hidden />
      <p role="alert">
        {state.status === 'waiting' ? (
          <>
            <strong>{state.error.message}</strong>{' '}
            {state.wasConnected && `${t('connection.goOn')} `}
            {hintOfError(state.error)}
          </>
        ) : (
          <strong>{t('connection.away')}</strong>
        )}
      </p>
      <span className="connection-banner-retry">
        {state.status === 'waiting' && seconds > 0
          ? t('connection.nextTry', { count: seconds })
          : t('connection.trying')}
      </span>
      <Button
        onClick={() => {
          connection.retryNow();
        }}
      >
        {t('connection.tryNow')}
      </Button>
    </div>
  );
}

import { Plus, SlidersHorizontal } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Operation } from '../../../../main/contract/operation.ts';
import { sandboxLimits } from '../../../../main/contract/sandbox-config.ts';
import { describeError, toErrorData } from '../../../bridge/bridge-error.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatMiB } from '../../../ui/format.ts';
import { translate } from '../../../words/language.ts';
import { createSandbox } from '../sandbox-actions.ts';
import './starter.css';

/** The first window: one sandbox, ready to be made, and the way to a chosen one. */
export function Starter(props: {
  readonly createHref: string;
  readonly onCreated: (operation: Operation) => void;
}) {
  const { connection } = useBridge();
  const { t } = useTranslation('sandboxes');
  const [suggestion, setSuggestion] = useState<{ name: string; image: string }>();
  const [error, setError] = useState<ErrorData>();
  const [isCreating, setIsCreating] = useState(false);
  useEffect(() => {
    let isGone = false;
    connection.client.sandboxes.suggest().then(
      (answer) => {
        if (!isGone) setSuggestion(answer);
      },
      (thrown: unknown) => {
        if (!isGone) setError(toErrorData(thrown));
      },
    );
    return () => {
      isGone = true;
    };
  }, [connection]);

  const create = async () => {
    if (suggestion === undefined) return;
    setIsCreating(true);
    setError(undefined);
    const result = await createSandbox(connection.client, suggestion);
    setIsCreating(false);
    if (result.ok) props.onCreated(result.operation);
    else setError(result.error);
  };

  return (
    <section className="starter" aria-labelledby="starter-title">
      <h2 id="starter-title">{t('starterTitle')}</h2>
      <p className="quiet">{t('starter')}</p>
      <div className="starter-card card">
        <div>
          <p className="mono starter-name">{suggestion?.name ?? '…'}</p>
          <p className="quiet">
            <span className="mono">{suggestion?.image ?? '…'}</span> ·{' '}
            {t('cpus', { count: sandboxLimits.cpus.default })} ·{' '}
            {formatMiB(sandboxLimits.memoryMiB.default)} · {translate('network:short.public')}
          </p>
        </div>
        <Button
          variant="primary"
          icon={Plus}
          disabled={suggestion === undefined || isCreating}
          onClick={() => {
            void create();
          }}
        >
          {isCreating ? t('creating') : t('create')}
        </Button>
      </div>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      <a className="button button-plain starter-more" href={props.createHref}>
        <SlidersHorizontal className="icon" aria-hidden />
        {t('starterMore')}
      </a>
    </section>
  );
}

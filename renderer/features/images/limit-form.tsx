import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatBytes } from '../../ui/format.ts';
import { translate } from '../../words/language.ts';
import { imageStore } from './image-store.ts';
import { parseLimitGiB } from './store-parts.ts';

const gibibyte = 1024 ** 3;

/** How large the store may get before what nothing uses is collected. */
export function LimitForm({ usage }: { readonly usage: StoreUsage }) {
  const { t } = useTranslation('images');
  const { connection } = useBridge();
  const { limitBytes, totalBytes } = usage;
  // As it was typed, not as bytes round it.
  const present =
    limitBytes === undefined ? '' : String(Number((limitBytes / gibibyte).toPrecision(6)));
  const [typed, setTyped] = useState<string>();
  const call = useCall();
  const value = typed ?? present;
  const limit = parseLimitGiB(value);
  const problem = 'problem' in limit ? limit.problem : undefined;
  const set = async (bytes: number | undefined) => {
    const isSet = await call.run(async () => {
      const input = bytes === undefined ? {} : { limitBytes: bytes };
      imageStore.setState({ usage: await connection.client.images.setLimit(input) });
    });
    if (isSet) setTyped(undefined);
  };
  return (
    <form
      className="limit-form"
      aria-label={t('limit.label')}
      onSubmit={(event) => {
        event.preventDefault();
        if ('bytes' in limit) void set(limit.bytes);
      }}
    >
      <TextField
        label={t('limit.field')}
        value={value}
        inputMode="numeric"
        placeholder={t('limit.placeholder')}
        onChange={setTyped}
        error={problem}
        help={helpOf(limitBytes, totalBytes)}
        after={
          <>
            <Button
              type="submit"
              disabled={problem !== undefined || value === present || value === '' || call.isBusy}
            >
              {t('limit.set')}
            </Button>
            {limitBytes !== undefined && (
              <Button
                variant="plain"
                disabled={call.isBusy}
                onClick={() => {
                  void set(undefined);
                }}
              >
                {t('limit.clear')}
              </Button>
            )}
          </>
        }
      />
      {call.error !== undefined && (
        <ErrorNotice {...describeError(call.error)} onDismiss={call.clearError} />
      )}
    </form>
  );
}

function helpOf(limitBytes: number | undefined, totalBytes: number): string {
  const rule = translate('images:limit.rule');
  if (limitBytes === undefined) return `${translate('images:limit.none')} ${rule}`;
  if (totalBytes <= limitBytes) return rule;
  const size = formatBytes(totalBytes - limitBytes);
  return `${translate('images:limit.exceeded', { size })} ${rule}`;
}

import { useState } from 'react';
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatBytes } from '../../ui/format.ts';
import { imageStore } from './image-store.ts';
import { parseLimitGiB } from './store-parts.ts';

const gibibyte = 1024 ** 3;

/** How large the store may get before what nothing uses is collected. */
export function LimitForm({ usage }: { readonly usage: StoreUsage }) {
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
      aria-label="Size limit"
      onSubmit={(event) => {
        event.preventDefault();
        if ('bytes' in limit) void set(limit.bytes);
      }}
    >
      <TextField
        label="Size limit in GiB"
        value={value}
        inputMode="numeric"
        placeholder="none"
        onChange={setTyped}
        error={problem}
        help={helpOf(limitBytes, totalBytes)}
        after={
          <>
            <Button
              type="submit"
              disabled={problem !== undefined || value === present || value === '' || call.isBusy}
            >
              Set
            </Button>
            {limitBytes !== undefined && (
              <Button
                variant="plain"
                disabled={call.isBusy}
                onClick={() => {
                  void set(undefined);
                }}
              >
                No limit
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
  const what =
    'Above it, after each pull, what no image has goes, and then pulled images without sandboxes. What was built, committed, imported or named here stays.';
  if (limitBytes === undefined) return `None is set. ${what}`;
  return totalBytes > limitBytes
    ? `The store is ${formatBytes(totalBytes - limitBytes)} above it. ${what}`
    : what;
}

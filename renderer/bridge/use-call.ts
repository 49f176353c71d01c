import { useState } from 'react';
import type { ErrorData } from '../../main/contract/error.ts';
import { toErrorData } from './bridge-error.ts';

/** One thing after the other that a form or button asks of the host. */
export interface Call {
  readonly isBusy: boolean;
  /** Why the last one failed. */
  readonly error: ErrorData | undefined;
  readonly clearError: () => void;
  /** Does the work; true where it went well. Never rejects. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** See {@link Call}. */
export function useCall(): Call {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ErrorData>();
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setIsBusy(true);
    setError(undefined);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(toErrorData(thrown));
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  return {
    isBusy,
    error,
    clearError: () => {
      setError(undefined);
    },
    run,
  };
}

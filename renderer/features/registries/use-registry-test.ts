import { useEffect, useRef, useState } from 'react';
import type { Credential, RegistrySettings } from '../../../main/contract/registry.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import type { TestRun } from './test-steps.tsx';

/** What is tested in place of what is kept. */
export interface TestRequest {
  readonly registry: string;
  readonly credential?: Credential | undefined;
  readonly settings?: RegistrySettings;
  /** Whose tags are to be readable. */
  readonly repository?: string;
}

/** One test at a time: the next one, or leaving the page, cancels it. */
export function useRegistryTest() {
  const { connection } = useBridge();
  const [run, setRun] = useState<TestRun>();
  const asking = useRef<AbortController>(undefined);
  useEffect(
    () => () => {
      asking.current?.abort();
    },
    [],
  );
  const start = async ({ registry, credential, settings, repository = '' }: TestRequest) => {
    asking.current?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    asking.current = controller;
    setRun({ registry });
    try {
      const request = {
        registry,
        ...(credential === undefined ? {} : { credential }),
        ...(settings === undefined ? {} : { settings }),
        ...(repository === '' ? {} : { repository }),
      };
      const test = await connection.client.registries.test(request, { signal });
      if (!signal.aborted) setRun({ registry, test });
    } catch (thrown) {
      if (!signal.aborted) setRun({ registry, error: toErrorData(thrown) });
    }
  };
  const clear = () => {
    asking.current?.abort();
    setRun(undefined);
  };
  return { run, start, clear };
}

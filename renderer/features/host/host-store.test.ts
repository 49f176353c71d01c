import { describe, expect, it } from 'vitest';
import { BridgeError } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { aHostReport } from '../../testing/builders.ts';
import { checkHost, createHostStore, selectWorstResult } from './host-store.ts';

const clientThat = (report: () => Promise<unknown>) =>
  ({ host: { report } }) as unknown as SkerryClient;

describe('checkHost', () => {
  it('keeps what was known when the next check fails', async () => {
    const store = createHostStore();
    const report = aHostReport();
    await checkHost(
      clientThat(() => Promise.resolve(report)),
      store,
    );
    await checkHost(
      clientThat(() => Promise.reject(new BridgeError('host/unreachable', 'Away.'))),
      store,
    );
    expect(store.getState()).toMatchObject({
      report,
      isChecking: false,
      error: { code: 'host/unreachable' },
    });
  });
});

describe('selectWorstResult', () => {
  const check = { id: 'x', title: 'X', evidence: 'x' };
  const worst = (...results: ('pass' | 'warn' | 'fail')[]) => {
    const report = aHostReport({ checks: results.map((result) => ({ ...check, result })) });
    return selectWorstResult({ report });
  };

  it('is the worst of all', () => {
    expect(worst('pass', 'warn', 'fail')).toBe('fail');
    expect(worst('warn', 'pass')).toBe('warn');
    expect(worst('pass')).toBe('pass');
  });

  it('is nothing while nothing is known', () => {
    expect(selectWorstResult({ report: undefined })).toBeUndefined();
  });
});

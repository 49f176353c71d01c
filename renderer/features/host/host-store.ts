import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { HostCheck, HostReport } from '../../../main/contract/host.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';

/** What is known of the machine. */
export interface HostState {
  readonly report: HostReport | undefined;
  readonly error: ErrorData | undefined;
  readonly isChecking: boolean;
  /** The check that somebody waits for; undefined for all of them. */
  readonly awaited: string | undefined;
}

/** Makes an empty store. */
export function createHostStore() {
  return createStore<HostState>(() => ({
    report: undefined,
    error: undefined,
    isChecking: false,
    awaited: undefined,
  }));
}

/** A store of {@link createHostStore}. */
export type HostStore = ReturnType<typeof createHostStore>;

/** The window's host. */
export const hostStore = createHostStore();

/**
 * Asks the machine anew; what was known stays until the answer is there. The machine looks at
 * everything at once, also where one check is `awaited`: what mends one may mend another.
 */
export async function checkHost(
  client: SkerryClient,
  store: HostStore = hostStore,
  awaited?: string,
): Promise<void> {
  store.setState({ isChecking: true, awaited });
  try {
    store.setState({ report: await client.host.report(), error: undefined });
  } catch (error) {
    store.setState({ error: toErrorData(error) });
  } finally {
    store.setState({ isChecking: false, awaited: undefined });
  }
}

/** The worst result of all checks; undefined while nothing is known. */
export function selectWorstResult({
  report,
}: Pick<HostState, 'report'>): HostCheck['result'] | undefined {
  if (report === undefined) return undefined;
  const results = report.checks.map(({ result }) => result);
  if (results.includes('fail')) return 'fail';
  return results.includes('warn') ? 'warn' : 'pass';
}

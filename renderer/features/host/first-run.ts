/** Whether this machine's checks are shown before anything else, and that they were. */
import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { HostCheck, HostReport } from '../../../main/contract/host.ts';

/** What was wrong when the user went on from it, by the id of a check. */
export interface FirstRun {
  /** Undefined until the first start is over. */
  readonly seen: Readonly<Record<string, 'warn' | 'fail'>> | undefined;
}

/** Makes a store over a storage of the browser's kind. */
export function createFirstRunStore(storage: () => Storage) {
  return createStore<FirstRun>()(
    persist((): FirstRun => ({ seen: undefined }), {
      name: 'skerry.first-run',
      version: 1,
      storage: createJSONStorage(storage),
    }),
  );
}

/** The window's. */
export const firstRunStore = createFirstRunStore(() => localStorage);

/** Warnings that one wants to know of before the first sandbox: it is slow, or fills the disk. */
const mattering: ReadonlySet<string> = new Set(['kvm', 'disk-space']);

/** Checks that are to be shown before anything else; none once they were, unless one fails anew. */
export function checksToShow(
  { checks }: Pick<HostReport, 'checks'>,
  { seen }: FirstRun,
): HostCheck[] {
  return checks.filter(({ id, result }) => {
    if (seen !== undefined) return result === 'fail' && seen[id] !== 'fail';
    return result === 'fail' || (result === 'warn' && mattering.has(id));
  });
}

/** What is known once the user has gone on from these checks. */
export function whatWasSeen({ checks }: Pick<HostReport, 'checks'>): NonNullable<FirstRun['seen']> {
  return Object.fromEntries(
    checks.flatMap(({ id, result }) => (result === 'pass' ? [] : [[id, result] as const])),
  );
}

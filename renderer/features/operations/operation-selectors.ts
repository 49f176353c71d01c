import type { Operation } from '../../../main/contract/operation.ts';
import { translate } from '../../words/language.ts';
import type { OperationState, TaskFilter } from './operation-store.ts';

const startKinds: ReadonlySet<string> = new Set<Operation['kind']>(['create', 'start', 'restart']);
const workKinds: ReadonlySet<string> = new Set<Operation['kind']>([
  ...(['suspend', 'snapshot', 'restore', 'branch'] as const),
]);

/** How many operations run. */
export const selectRunningCount = (state: OperationState): number =>
  state.operations.filter((operation) => operation.state === 'running').length;

/** The newest creation or start of a sandbox, whichever way it ended. */
export const selectLatestStart =
  (name: string) =>
  (state: Pick<OperationState, 'operations'>): Operation | undefined =>
    state.operations.find(({ kind, subject }) => startKinds.has(kind) && subject === name);

/**
 * What is done with a sandbox that is no start of it: while it goes on, and after it failed since
 * this window was opened, until it is dismissed or something else is begun. A comparison is shown
 * by the page that asks for it.
 * @param begunId work that was begun on its page, whatever its subject is
 */
export const selectWorkOnSandbox =
  (name: string, begunId?: string) =>
  ({
    operations,
    followed,
    dismissed,
  }: Pick<OperationState, 'operations' | 'followed' | 'dismissed'>): Operation | undefined => {
    const newest = operations.find(
      ({ id, kind, subject }) => workKinds.has(kind) && (subject === name || id === begunId),
    );
    if (newest === undefined || newest.state === 'running') return newest;
    const isShown =
      newest.state === 'failed' && followed.includes(newest.id) && !dismissed.includes(newest.id);
    return isShown ? newest : undefined;
  };

/** Operations that failed while this window was open and that nobody has looked at yet. */
export const selectUnseenFailures = ({
  operations,
  followed,
  looked,
}: Pick<OperationState, 'operations' | 'followed' | 'looked'>): number =>
  operations.filter(
    ({ id, state }) => state === 'failed' && followed.includes(id) && !looked.includes(id),
  ).length;

/** Whether its subject is a sandbox, whose page shows it. */
export function isOfSandbox({ kind }: Pick<Operation, 'kind'>): boolean {
  return startKinds.has(kind) || workKinds.has(kind);
}

/** The sandbox and the path in it that files go to or come from. */
export function placeOfTransfer({
  kind,
  subject,
}: Pick<Operation, 'kind' | 'subject'>): { sandbox: string; path: string } | undefined {
  if (kind !== 'upload' && kind !== 'download') return undefined;
  const [, sandbox, path] = /^([\w.-]+):(\/.*)$/s.exec(subject) ?? [];
  return sandbox === undefined || path === undefined ? undefined : { sandbox, path };
}

/** The first sentence of an operation: `Create web-api`. */
export function describeOperation({ kind, subject }: Pick<Operation, 'kind' | 'subject'>): string {
  return translate(`operations:titles.${kind}`, { subject });
}

const filters: Readonly<Record<TaskFilter, (operation: Operation) => boolean>> = {
  all: () => true,
  running: ({ state }) => state === 'running',
  failed: ({ state }) => state === 'failed',
  ended: ({ state }) => state !== 'running',
};

/** The tasks that a filter shows, without those that were cleared away. */
export function filterTasks(
  operations: readonly Operation[],
  filter: TaskFilter,
  cleared: readonly string[],
): readonly Operation[] {
  const isShown = filters[filter];
  return operations.filter((one) => isShown(one) && !cleared.includes(one.id));
}

const imageKinds: ReadonlySet<string> = new Set<Operation['kind']>([
  ...(['pull', 'push', 'import', 'export', 'commit', 'build', 'check'] as const),
]);

/** Whether it works on images and not on a sandbox. */
export function isOfImages({ kind }: Pick<Operation, 'kind'>): boolean {
  return imageKinds.has(kind);
}

/** When work on images ended last, whichever way; 0 where none has. */
export const selectLastImageWorkMs = ({ operations }: Pick<OperationState, 'operations'>): number =>
  Math.max(0, ...operations.filter(isOfImages).map(({ endedAtMs = 0 }) => endedAtMs));

/**
 * What the page of images shows of the work on them: all that runs, and of what has ended since this
 * window was opened the newest and every failure that nobody has tried again, until it is dismissed.
 */
export function selectImageWork({
  operations,
  followed,
  dismissed,
}: Pick<OperationState, 'operations' | 'followed' | 'dismissed'>): readonly Operation[] {
  const own = operations.filter(isOfImages);
  const ended = own.filter(({ id, state }) => state !== 'running' && followed.includes(id));
  const newest = new Map(own.toReversed().map((one) => [describeOperation(one), one.id]));
  const isShown = (one: Operation) =>
    one.id === ended[0]?.id ||
    (one.state === 'failed' && newest.get(describeOperation(one)) === one.id);
  const shown = new Set(ended.filter(isShown).map(({ id }) => id));
  return own.filter(
    ({ id, state }) => state === 'running' || (shown.has(id) && !dismissed.includes(id)),
  );
}

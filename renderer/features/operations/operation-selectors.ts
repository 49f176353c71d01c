import type { Operation } from '../../../main/contract/operation.ts';
import type { OperationState } from './operation-store.ts';

const sandboxVerbs = { create: 'Create', start: 'Start', restart: 'Restart' } as const;

const verbs: Readonly<Record<Operation['kind'], string>> = {
  ...sandboxVerbs,
  pull: 'Pull',
  push: 'Push',
  import: 'Import',
  export: 'Export',
  commit: 'Commit',
  build: 'Build',
  check: 'Check',
  upload: 'Upload',
  download: 'Download',
};

/** How many operations run. */
export const selectRunningCount = (state: OperationState): number =>
  state.operations.filter((operation) => operation.state === 'running').length;

/** The newest operation on a sandbox, whichever way it ended. */
export const selectLatestOfSandbox =
  (name: string) =>
  (state: OperationState): Operation | undefined =>
    state.operations.find(({ kind, subject }) => kind in sandboxVerbs && subject === name);

/** The first sentence of an operation: `Create web-api`. */
export function describeOperation({ kind, subject }: Pick<Operation, 'kind' | 'subject'>): string {
  return `${verbs[kind]} ${subject}`;
}

const imageKinds: ReadonlySet<string> = new Set<Operation['kind']>([
  ...(['pull', 'push', 'import', 'export', 'commit', 'build', 'check'] as const),
]);

/** Whether it works on images and not on a sandbox. */
function isOfImages({ kind }: Pick<Operation, 'kind'>): boolean {
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
